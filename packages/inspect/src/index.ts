// The public face of @unrolled/inspect.
export * from './gradient-flow.ts';
export * from './jacobians.ts';
export { frobeniusNorm, spectralNorm } from './norms.ts';
export type { Subject } from './subject.ts';
