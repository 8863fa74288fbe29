// The public face of @unrolled/vectorizer-numeric.
export * from './numeric.ts';
export type { NumericOptions } from './options.ts';
