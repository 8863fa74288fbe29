// The public face of @unrolled/tokenizer-characters.
export * from './characters.ts';
