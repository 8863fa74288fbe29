// Keeps the workers of a pool from test to test: to start them takes longer than what most tests let them do.
import { coresOf, type SharedPool, sharedPool } from '@unrolled/wasm';
import { afterAll, beforeAll } from 'vitest';

/** For the tests of a file, or of a block. @param threads - as many as they compile for; those of the backend unless given */
export function keepThreads(threads: number = Math.min(coresOf(), 4)): void {
  let share: SharedPool;
  beforeAll(async () => {
    share = await sharedPool(threads);
  });
  afterAll(() => share.release());
}
