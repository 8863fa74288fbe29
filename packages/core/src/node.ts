// The Node entry, @unrolled/core/node: models and checkpoints in folders.

export { folderCheckpoints } from './node/checkpoint-folder.ts';
export { loadFolder } from './node/load-folder.ts';
