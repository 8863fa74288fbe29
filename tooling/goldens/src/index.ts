// Goldens: numbers that other libraries computed, made by the scripts in makers/ and read here.
export { relativeError } from './error.ts';
export type {
  GoldenBatch,
  GoldenLayer,
  GoldenNetwork,
  GoldenResult,
  RecurrentCase,
} from './recurrent.ts';
export { recurrentCases } from './recurrent.ts';
export type { GoldenTensor, GoldenTensors } from './tensors.ts';
