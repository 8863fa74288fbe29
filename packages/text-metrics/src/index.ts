// The public face of @unrolled/text-metrics.
export { exactMatch, tokenAccuracy } from './accuracy.ts';
export { type BleuOptions, type BleuScore, corpusBleu, sentenceBleu } from './bleu.ts';
export type { BleuCounts, BleuSmoothing } from './bleu-score.ts';
export { type ChrfOptions, type ChrfScore, corpusChrf, sentenceChrf } from './chrf.ts';
export { editDistance } from './edit-distance.ts';
export { characterErrorRate, type ErrorRate, wordErrorRate } from './error-rates.ts';
export type { Reference, Tokens } from './pairs.ts';
export type { BleuTokenizer } from './tokenize.ts';
