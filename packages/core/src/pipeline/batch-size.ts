// The batch size of a prediction or an evaluation.
import { checkKnown, checkWhole } from './setting-checks.ts';
import type { InferenceSettings } from './types.ts';

/**
 * The batch size, or its default, of settings that have no other names than `known`.
 * @param of - what the settings are of, for messages: `predict`.
 * @throws UnrolledError `SETTING_INVALID`
 */
export function checkBatchSize(settings: InferenceSettings, known: readonly string[], of: string): number {
  checkKnown(settings, known, of);
  const { batchSize = 32 } = settings;
  return checkWhole('batchSize', batchSize, 1);
}
