// The public face of @unrolled/tokenizer-stems.
export * from './stemmers.ts';
export * from './stems.ts';
