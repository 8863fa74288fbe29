// Where the pinned Python environment lives and what its processes see; shared by the set-up and by the tests.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The environment's folder, inside the repository's cache. */
export const home = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), '.cache', 'peers');

/** Holds the hash of what the environment was built from; written last. */
export const stamp = join(home, '.stamp');

/** The environment's Python. */
export const python = process.platform === 'win32' ? join(home, 'Scripts', 'python.exe') : join(home, 'bin', 'python');

/** Whether a finished environment is there (of these pins or others). */
export const isReady = () => existsSync(stamp) && existsSync(python);

/** Variables for a Python process: no GPU, no chatter, one thread, UTF-8, nothing written outside the cache. */
export const variables = () => ({
  ...process.env,
  CUDA_VISIBLE_DEVICES: '-1',
  KERAS_BACKEND: 'tensorflow',
  KERAS_HOME: join(home, 'keras'),
  OMP_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONHASHSEED: '0',
  PYTHONUTF8: '1',
  TF_CPP_MIN_LOG_LEVEL: '3',
  TF_ENABLE_ONEDNN_OPTS: '0',
});
