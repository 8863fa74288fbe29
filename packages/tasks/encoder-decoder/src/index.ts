// The public face of @unrolled/task-encoder-decoder.
export * from './encoder-decoder.ts';
