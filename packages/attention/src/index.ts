// The public face of @unrolled/attention.
export * from './additive.ts';
export * from './multiplicative.ts';
export type { AttentionOptions } from './options.ts';
