// The names of the settings of what a model is asked.
import type { DecodeSettings, EvaluateSettings, GenerateSettings, InferenceSettings, SampleSettings } from './types.ts';

/** Settings of how a sequence is written. */
export const decodeKeys = [
  'beam',
  'maximumLength',
  'lengthPenalty',
  'attention',
  'sample',
] as const satisfies readonly (keyof DecodeSettings)[];

/** Settings of `predict`. */
export const predictKeys: readonly (keyof InferenceSettings | keyof DecodeSettings)[] = ['batchSize', ...decodeKeys];

/** Settings of `evaluate`. */
export const evaluateKeys: readonly (keyof EvaluateSettings)[] = ['batchSize', 'emptyText', 'shuffleSteps'];

/** Settings of how tokens are drawn. */
export const sampleKeys: readonly (keyof SampleSettings)[] = ['temperature', 'topK', 'topP', 'seed'];

/** Settings of `generate`. */
export const generateKeys: readonly (keyof GenerateSettings)[] = ['maximumLength', 'signal', ...sampleKeys];
