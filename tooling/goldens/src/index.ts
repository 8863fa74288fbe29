// Goldens: numbers that other libraries computed, made by the scripts in makers/ and read here.
export { type BagCase, bagCases } from './bags.ts';
export type { GoldenBatch } from './batch.ts';
export { describeNetwork } from './description.ts';
export {
  describeEncoderDecoder,
  type EncoderDecoderCase,
  type EncoderDecoderNetwork,
  encoderDecoderCases,
} from './encoder-decoder.ts';
export { relativeError } from './error.ts';
export { type EventCase, eventCases } from './events.ts';
export { type LossCase, lossCases } from './losses.ts';
export type { GoldenLayer, GoldenNetwork } from './network.ts';
export { type OptimizerCase, optimizerCases, type ScheduleCase, scheduleCases } from './optimizers.ts';
export {
  type GoldenCase,
  type GoldenResult,
  kerasCases,
  type RecurrentCase,
  readRecurrentCase,
  recurrentCases,
} from './recurrent.ts';
export { type ScalerCase, scalerCases } from './scalers.ts';
export { type StemCase, stemCases } from './stems.ts';
export {
  type SubwordCase,
  type SubwordsOfPlays,
  type SubwordsOfText,
  type SubwordTrainingCase,
  subwordCases,
  subwordsOfPlays,
  subwordTrainingCases,
} from './subwords.ts';
export type { GoldenTensor, GoldenTensors } from './tensors.ts';
export { type GoldenWindow, type TruncationCase, type TruncationRun, truncationCases } from './truncation.ts';
