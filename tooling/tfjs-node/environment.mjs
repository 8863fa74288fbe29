// Where TensorFlow.js for Node is built, with what, and who finds it; shared by the set-up and by those who load it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Its folder, inside the repository's cache. */
export const home = join(root, '.cache', 'tfjs-node');

/** Says how it was built, with the hash of what from; written last. */
export const stamp = join(home, '.stamp');

/** The package. */
export const packageFolder = join(home, 'node_modules', '@tensorflow', 'tfjs-node');

/** What its installer fetches: the part in C++, bound to a TensorFlow library. */
export const binding = join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node');

/** Where @unrolled/backend-tfjs-node finds it, as where npm had installed it. A link, which pnpm knows nothing of. */
export const link = join(root, 'packages', 'backends', 'tfjs-node', 'node_modules', '@tensorflow', 'tfjs-node');

/** Whether a finished build is there. */
export const isReady = () => existsSync(stamp) && existsSync(binding);
