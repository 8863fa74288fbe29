// Which came first? Two texts of the very same tokens, of which one says x and the other y.
import { drawIntegers } from '@unrolled/core';
import type { Problem } from './problem.ts';

const noise = 'abcd';

/**
 * T letters from a to d with one `x` and one `y` among them; label `x` or `y`: which comes first. Examples come in pairs that
 * differ by x and y having changed places, so both have the same tokens equally often, and what is blind to order gets half of
 * them right. Of our own making.
 */
export const order: Problem = (length, draws, index) => {
  const below = drawIntegers({ ...draws, example: Math.floor(index / 2) });
  const tokens = Array.from({ length }, () => noise[below(noise.length)] as string);
  const one = below(length);
  const drawn = below(length - 1);
  const other = drawn + (drawn >= one ? 1 : 0);
  const [x, y] = index % 2 === 0 ? [one, other] : [other, one];
  tokens[x] = 'x';
  tokens[y] = 'y';
  return { text: tokens.join(' '), label: x < y ? 'x' : 'y' };
};
