// The public face of @unrolled/tokenizer-subwords.
export { fetchTokenizer, parseTokenizer } from './read-tokenizer.ts';
export type { SubwordsTokenizer, SubwordToken } from './subword-tokenizer.ts';
export * from './subwords.ts';
export type * from './tokenizer-json.ts';
export * from './train/train-byte-pair-encoding.ts';
