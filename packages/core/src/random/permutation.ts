// Random permutations: every order equally likely, the same for a seed on every machine.
import { drawIntegers } from './integers.ts';
import type { Purpose } from './position.ts';

/**
 * The whole numbers 0 … n − 1 in random order, `[n]`; n below 2^31.
 *
 * Fisher and Yates's shuffle (Knuth, volume 2, algorithm P) with the unbiased bounded numbers of {@link drawIntegers}.
 *
 * @param epoch - the number of the epoch, so that each has another order.
 * @throws UnrolledError `SEED_INVALID`
 */
export function permutation(n: number, seed: number, purpose: Purpose, epoch = 0): Int32Array {
  const order = new Int32Array(n);
  const below = drawIntegers({ seed, purpose, update: epoch });
  for (let i = 1; i < n; i++) {
    const j = below(i + 1);
    order[i] = order[j] as number;
    order[j] = i;
  }
  return order;
}
