// The public face of @unrolled/word-vectors.
export * from './keyed-vectors.ts';
