// Random permutations: every order equally likely, the same for a seed on every machine.
import { type DrawPosition, drawBlock, type Purpose } from './position.ts';

const words = new Int32Array(4);

/** Unbiased whole numbers below a bound, from the words of a position one after the other. */
function boundedIntegers(position: DrawPosition): (bound: number) => number {
  let next = 0;
  const word = (): number => {
    if (next % 4 === 0) drawBlock(words, 0, position, next / 4);
    return (words[next++ % 4] as number) >>> 0;
  };
  return (bound) => {
    const reject = 4294967296 % bound;
    for (;;) {
      // word · bound in two exact pieces; the upper 32 bits are the number, the lower ones tell a biased draw
      const drawn = word();
      const low = (drawn & 0xffff) * bound;
      const high = (drawn >>> 16) * bound + Math.floor(low / 65536);
      if ((high % 65536) * 65536 + (low % 65536) >= reject) return Math.floor(high / 65536);
    }
  };
}

/**
 * The whole numbers 0 … n − 1 in random order, `[n]`; n below 2^31.
 *
 * Fisher and Yates's shuffle (Knuth, volume 2, algorithm P) with unbiased bounded numbers (Lemire 2019, Fast random integer
 * generation in an interval).
 *
 * @param epoch - the number of the epoch, so that each has another order.
 * @throws UnrolledError `SEED_INVALID`
 */
export function permutation(n: number, seed: number, purpose: Purpose, epoch = 0): Int32Array {
  const order = new Int32Array(n);
  const below = boundedIntegers({ seed, purpose, update: epoch });
  for (let i = 1; i < n; i++) {
    const j = below(i + 1);
    order[i] = order[j] as number;
    order[j] = i;
  }
  return order;
}
