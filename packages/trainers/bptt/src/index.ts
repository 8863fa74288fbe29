// The public face of @unrolled/trainer-bptt.
export * from './bptt.ts';
