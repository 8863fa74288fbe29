// The batch size of a prediction or an evaluation.
import { UnrolledError } from '../errors.ts';
import { describe } from '../options.ts';
import type { InferenceSettings } from './types.ts';

/** The batch size, or its default. @throws UnrolledError `SETTING_INVALID` */
export function checkBatchSize({ batchSize = 32 }: InferenceSettings): number {
  if (Number.isSafeInteger(batchSize) && batchSize >= 1) return batchSize;
  const message = `"batchSize" must be a whole number of at least 1, but ${describe(batchSize)} was given.`;
  throw new UnrolledError('SETTING_INVALID', message, { mend: 'Leave it out for 32.' });
}
