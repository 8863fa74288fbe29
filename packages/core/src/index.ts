// The public face of @unrolled/core.
export * from './contracts/executable.ts';
export * from './contracts/network.ts';
export * from './contracts/plugins.ts';
export * from './define.ts';
export * from './errors.ts';
export * from './initializers.ts';
export * from './options.ts';
export * from './resolved.ts';
