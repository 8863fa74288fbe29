// A part of the reviews that has both labels, as the data set is sorted by them.
import type { Example } from 'unrolled';

/** `count` of `all`, evenly spread, in their order. */
export function takeEvenly(all: readonly Example[], count: number): Example[] {
  if (count >= all.length) return [...all];
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] as Example);
}
