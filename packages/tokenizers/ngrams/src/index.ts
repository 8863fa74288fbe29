// The public face of @unrolled/tokenizer-ngrams.
export * from './ngrams.ts';
export type { NgramsOptions } from './options.ts';
