// One run for the whole repository; the blocks of its documentation are written as tests first.
import { defineConfig } from 'vitest/config';
import { writeDoctests } from './tooling/doctest/write.ts';

/** Resolves workspace packages to their TypeScript source, so tests need no build. */
const conditions = ['@unrolled/source', 'module', 'node', 'development|production'];

writeDoctests();

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@unrolled/source', 'node'] } },
  test: {
    include: ['packages/**/test/**/*.test.ts', 'apps/**/test/**/*.test.ts', 'tooling/**/test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'apps/browser-tests/**', '**/*.{peers,tfjs-node}.test.ts'],
    pool: 'threads',
    // Vitest would leave one core idle.
    maxWorkers: '100%',
    isolate: false,
    testTimeout: 60_000,
  },
});
