// The temporal order problem: in which order did X and Y come, twice?
import { drawIntegers } from '@unrolled/core';
import type { Problem } from './problem.ts';

const noise = 'abcd';
/** Of a first and a second symbol, each `x` or `y`. */
const classes = { xx: 'Q', xy: 'R', yx: 'S', yy: 'U' } as const;

/**
 * `begin`, letters from a to d, `end`; among them, at one of T/10 … T/5 and one of T/2 … 3T/5 (steps from 0), an `x` or a `y`.
 * Label `Q` for x and x, `R` for x and y, `S` for y and x, `U` for y and y. From T to 1.1 T steps. Source: Hochreiter and
 * Schmidhuber 1997, section 5.6, task 6a, whose T is 100.
 */
export const temporalOrder: Problem = (length, draws) => {
  const below = drawIntegers(draws);
  const between = (from: number, to: number): number => from + below(to - from + 1);
  const tenth = length / 10;
  const steps = between(length, Math.floor(11 * tenth));
  const first = between(Math.floor(tenth), Math.floor(2 * tenth));
  const second = between(Math.floor(5 * tenth), Math.floor(6 * tenth));
  const kind = (['xx', 'xy', 'yx', 'yy'] as const)[below(4)] as keyof typeof classes;
  const tokens = Array.from({ length: steps }, () => noise[below(noise.length)] as string);
  tokens[0] = 'begin';
  tokens[first] = kind.charAt(0);
  tokens[second] = kind.charAt(1);
  tokens[steps - 1] = 'end';
  return { text: tokens.join(' '), label: classes[kind] };
};
