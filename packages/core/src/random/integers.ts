// Whole numbers below a bound, each equally likely, one after the other from one position.
import { type DrawPosition, drawBlock } from './position.ts';

/**
 * Whole numbers from 0 to bound − 1, `bound` from 1 to 2^32: the next one at each call, from the words of a position in order.
 *
 * Source: Lemire 2019, Fast random integer generation in an interval.
 *
 * @throws UnrolledError `SEED_INVALID`, at the first call
 */
export function drawIntegers(position: DrawPosition): (bound: number) => number {
  const words = new Int32Array(4);
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
