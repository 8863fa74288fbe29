// The Node entry, @unrolled/core/node: models and checkpoints in folders, and making folders.

export { folderCheckpoints } from './node/checkpoint-folder.ts';
export { loadFolder } from './node/load-folder.ts';
export { makeFolder } from './node/make-folder.ts';
