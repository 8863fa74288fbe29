// The public face of @unrolled/cell-lstm.
export * from './lstm.ts';
