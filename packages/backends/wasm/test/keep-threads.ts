// Keeps the workers of a pool from test to test: to start them takes longer than what most tests let them do.
import { coresOf, type SharedPool, sharedPool } from '@unrolled/wasm';
import { afterAll, beforeAll } from 'vitest';

/** For the tests of a file, or of a block, that compile without saying how many threads. */
export function keepThreads(): void {
  let share: SharedPool;
  beforeAll(async () => {
    share = await sharedPool(Math.min(coresOf(), 4));
  });
  afterAll(() => share.release());
}
