// The public face of @unrolled/losses.
export * from './binary-cross-entropy.ts';
export * from './categorical-cross-entropy.ts';
export * from './squared-error.ts';
