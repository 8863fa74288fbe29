// The public face of @unrolled/tokenizer-words.
export * from './words.ts';
