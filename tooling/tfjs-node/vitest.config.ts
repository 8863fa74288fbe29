// Tests that need TensorFlow.js for Node: files that the root's configuration leaves out, resolved as it does.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['@unrolled/source', 'module', 'node', 'development|production'];

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@unrolled/source', 'node'] } },
  test: {
    include: ['packages/**/*.tfjs-node.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // TensorFlow's library is made to be loaded once in a process.
    pool: 'forks',
    env: { TF_CPP_MIN_LOG_LEVEL: '3' },
    testTimeout: 300_000,
  },
});
