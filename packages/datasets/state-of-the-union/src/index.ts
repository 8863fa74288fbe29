// The public face of @unrolled/dataset-state-of-the-union.
export * from './state-of-the-union.ts';
