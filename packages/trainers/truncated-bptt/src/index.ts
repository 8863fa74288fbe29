// The public face of @unrolled/trainer-truncated-bptt.
export * from './truncated-bptt.ts';
