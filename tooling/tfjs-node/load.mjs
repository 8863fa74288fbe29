// Loads the TensorFlow.js for Node that setup.mjs built.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { home, isReady, packageFolder } from './environment.mjs';

/**
 * TensorFlow.js with its backend for Node, a copy apart from any other that the process has.
 * @throws Error where it is not built yet
 */
export function loadTfjsNode() {
  if (!isReady()) throw new Error('TensorFlow.js for Node is not built. Run `npm run setup:tfjs-node` first.');
  return loadUnchecked();
}

/** The same while it is being built. */
export function loadUnchecked() {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const require = createRequire(join(home, 'package.json'));
  // tfjs-node 4.22 calls a function that Node 23 removed.
  require('node:util').isNullOrUndefined ??= (value) => value === null || value === undefined;
  return require(packageFolder);
}
