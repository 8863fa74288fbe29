// The registry's public face.
export type * from './fit.ts';
export type * from './manifest.ts';
export type { Misfit } from './misfits.ts';
export * from './registry.ts';
export { LANGUAGE, MANIFEST_FORMAT } from './versions.ts';
