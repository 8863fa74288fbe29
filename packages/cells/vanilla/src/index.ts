// The public face of @unrolled/cell-vanilla.
export * from './vanilla.ts';
