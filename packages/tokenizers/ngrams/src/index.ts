// The public face of @unrolled/tokenizer-ngrams.
export * from './ngrams.ts';
