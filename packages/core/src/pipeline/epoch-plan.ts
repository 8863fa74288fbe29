// The batches of an epoch: shuffled, of like length inside, and the same whenever seed and epoch are.
import { permutation } from '../random/permutation.ts';

/** Batches among which lengths are sorted; large, so that batches differ from epoch to epoch. */
const chunk = 64;

/**
 * Positions of each batch of an epoch. All examples are shuffled; within chunks of 64 batches they are sorted by length (of
 * equals the shuffled order holds) and cut into batches; then the batches are shuffled. So which examples meet, and when,
 * is random up to their length. Sequences without steps teach nothing and are left out.
 * @param lengths - number of steps of each example.
 * @param epoch - from 0.
 */
export function planEpoch(lengths: ArrayLike<number>, batchSize: number, seed: number, epoch: number): Int32Array[] {
  const length = (position: number): number => lengths[position] as number;
  const order = permutation(lengths.length, seed, 'shuffle', 2 * epoch).filter((position) => length(position) > 0);
  const batches: Int32Array[] = [];
  for (let start = 0; start < order.length; start += chunk * batchSize) {
    const near = order.subarray(start, start + chunk * batchSize);
    const of = (rank: number): number => near[rank] as number;
    const ranks = Int32Array.from(near.keys()).sort((a, b) => length(of(a)) - length(of(b)) || a - b);
    const sorted = ranks.map(of);
    for (let from = 0; from < sorted.length; from += batchSize) batches.push(sorted.slice(from, from + batchSize));
  }
  return Array.from(
    permutation(batches.length, seed, 'shuffle', 2 * epoch + 1),
    (index) => batches[index] as Int32Array,
  );
}
