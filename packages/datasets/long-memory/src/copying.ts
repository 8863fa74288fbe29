// The copying problem: ten letters, a long pause, a sign; now say the letters again.
import { drawIntegers } from '@unrolled/core';
import type { Problem } from './problem.ts';

const letters = 'abcdefgh';
const memorised = 10;

/**
 * Ten of eight letters, T − 1 times `blank`, `copy`, ten times `blank`: T + 20 steps. The label of a step is `blank` until after
 * `copy`; the last ten are the letters in their order. Source: Arjovsky, Shah and Bengio 2016, section 5.1, where an answer
 * without memory has a cross-entropy of 10 ln 8 ÷ (T + 20) a step.
 */
export const copying: Problem = (length, draws) => {
  const below = drawIntegers(draws);
  const drawn = Array.from({ length: memorised }, () => letters[below(letters.length)] as string);
  const tokens = [...drawn, ...blanks(length - 1), 'copy', ...blanks(memorised)];
  return { text: tokens.join(' '), tokens, labels: [...blanks(length + memorised), ...drawn] };
};

const blanks = (count: number): readonly string[] => new Array<string>(count).fill('blank');
