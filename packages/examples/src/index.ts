// The public face of @unrolled/examples.
export * from './example.ts';
export * from './list.ts';
