// The public face of @unrolled/core.
export * from './batch.ts';
export * from './contracts/executable.ts';
export * from './contracts/network.ts';
export * from './contracts/plugins.ts';
export * from './define.ts';
export * from './errors.ts';
export * from './initializers.ts';
export * from './maths/activations.ts';
export * from './maths/errorFunction.ts';
export { exp } from './maths/exponential.ts';
export { log, log1p } from './maths/logarithm.ts';
export * from './maths/power.ts';
export * from './maths/trigonometry.ts';
export * from './options.ts';
export * from './resolved.ts';
export * from './text/words.ts';
