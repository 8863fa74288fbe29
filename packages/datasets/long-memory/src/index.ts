// The public face of @unrolled/dataset-long-memory.
export * from './long-memory.ts';
