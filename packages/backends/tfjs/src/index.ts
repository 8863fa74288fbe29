// The public face of @unrolled/backend-tfjs.
export type { Device } from './device.ts';
export * from './tfjs.ts';
