// How many cores everyone may use.
import { availableParallelism } from 'node:os';

/** All that this process may run on. */
export const cores: number = availableParallelism();
