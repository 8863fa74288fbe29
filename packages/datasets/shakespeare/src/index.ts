// The public face of @unrolled/dataset-shakespeare.
export * from './shakespeare.ts';
