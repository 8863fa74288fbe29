// Where TensorFlow.js for Node is built, and with what; shared by the set-up and by those who load it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Its folder, inside the repository's cache. */
export const home = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), '.cache', 'tfjs-node');

/** Holds the hash of what it was built from; written last. */
export const stamp = join(home, '.stamp');

/** The package. */
export const packageFolder = join(home, 'node_modules', '@tensorflow', 'tfjs-node');

/** What its installer would have fetched: the part in C++, bound to a TensorFlow library. */
export const binding = join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node');

/** Whether a finished build is there. */
export const isReady = () => existsSync(stamp) && existsSync(binding);
