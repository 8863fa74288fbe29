// Random well-formed equations, networks and batches, for property tests of every backend.
export { drawBatch, drawParameters, drawState, drawTensor } from './draw-batch.ts';
export type { Draw } from './draw-module.ts';
export { drawNetwork } from './draw-network.ts';
