// TensorFlow.js for Node, as `npm run tfjs-node` builds it.
export { isReady as isTfjsNodeReady } from '../environment.mjs';
export { loadTfjsNode } from '../load.mjs';
