// The public face of @unrolled/vectorizer-one-hot.
export * from './one-hot.ts';
export * from './vectors.ts';
