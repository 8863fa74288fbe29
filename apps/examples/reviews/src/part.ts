// A part of labelled examples that keeps the balance of the labels.
import { type Example, permutation } from '@unrolled/core';

/** `size` examples drawn by `seed`, of each label its share, in their old order. */
export function stratifiedPart(examples: readonly Example[], size: number, seed: number): Example[] {
  const byLabel = new Map<string, number[]>();
  examples.forEach(({ label = '' }, index) => {
    byLabel.set(label, [...(byLabel.get(label) ?? []), index]);
  });
  const chosen = [...byLabel.values()].flatMap((indices, number) => {
    const share = Math.round((size * indices.length) / examples.length);
    const order = permutation(indices.length, seed, 'split', number);
    return Array.from(order.subarray(0, share), (at) => indices[at] as number);
  });
  return chosen.sort((a, b) => a - b).map((index) => examples[index] as Example);
}
