// Saved models and checkpoints.
export { type CheckpointStore, memoryCheckpoints } from './checkpoint-store.ts';
export type { Files } from './file-set.ts';
export { fromFiles, type PluginSource } from './from-files.ts';
export { loadModel, type ModelSource } from './load.ts';
export { decodeStream, encodeStream } from './stream-file.ts';
