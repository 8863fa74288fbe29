// The public face of @unrolled/backend-tfjs.
export type { Device } from './tensorflow.ts';
export * from './tfjs.ts';
