// The public face of @unrolled/word-vectors.
export {
  type Analogy,
  type AnalogyEvaluation,
  type AnalogyEvaluationOptions,
  type AnalogyScore,
  type AnalogySection,
  type AnalogySectionScore,
  evaluateAnalogies,
  parseAnalogies,
} from './evaluate/analogies.ts';
export { type ConfidenceOptions, type Estimate, type Spread, spreadOf } from './evaluate/bootstrap.ts';
export type { EvaluatedWords } from './evaluate/vocabulary.ts';
export {
  evaluateWordPairs,
  parseWordPairs,
  type WordPair,
  type WordPairEvaluation,
  type WordPairOptions,
} from './evaluate/word-pairs.ts';
export { readWordVectors } from './files/read.ts';
export type {
  FasttextModel,
  LoadedVectors,
  ReadOptions,
  ReadProgress,
  VectorFormat,
} from './files/read-options.ts';
export type { ByteSource } from './files/source.ts';
export { type WrittenFormat, writeWordVectors } from './files/write.ts';
export {
  type AnalogyMethod,
  type AnalogyOptions,
  KeyedVectors,
  type Neighbour,
  type NeighbourOptions,
  type WordOrVector,
} from './keyed-vectors.ts';
export { type NgramLengths, type Subwords, subwordBuckets } from './subwords.ts';
export type { KeyedVectorsData } from './vectors-data.ts';
