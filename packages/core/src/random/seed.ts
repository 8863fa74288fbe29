// Seeds: any non-negative safe integer, all of whose 53 bits count.
import { UnrolledError } from '../errors.ts';
import { describe } from '../options.ts';

/** Returns `seed` if it is a whole number from 0 to 2^53 − 1. @throws UnrolledError `SEED_INVALID` */
export function checkSeed(seed: unknown): number {
  if (typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new UnrolledError(
    'SEED_INVALID',
    `A seed must be a whole number from 0 to 2^53 − 1, but ${describe(seed)} was given.`,
    {
      mend: 'Give one such as 1.',
      data: { seed },
    },
  );
}
