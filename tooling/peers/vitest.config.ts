// Tests that need the Python environment: the files that the root's configuration leaves out, resolved as it does.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['@unrolled/source', 'module', 'node', 'development|production'];

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@unrolled/source', 'node'] } },
  test: {
    include: ['packages/**/*.peers.test.ts', 'apps/**/*.peers.test.ts', 'tooling/**/*.peers.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'threads',
    testTimeout: 300_000,
  },
});
