// The public face of @unrolled/dataset-mnist.
export * from './mnist.ts';
