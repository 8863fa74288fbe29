// The public face of @unrolled/optimizers.
export * from './adaptive.ts';
export * from './gradient-descent.ts';
export * from './schedule.ts';
export type { RateOptions } from './shared.ts';
