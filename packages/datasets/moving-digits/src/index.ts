// The public face of @unrolled/dataset-moving-digits.
export * from './moving-digits.ts';
