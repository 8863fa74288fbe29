// The public face of @unrolled/dataset-brown.
export * from './brown.ts';
