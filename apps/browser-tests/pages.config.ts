// Opens pages that use the packages as they are built (dist/), plain or bundled, in a headless Chromium.
import { defineConfig } from 'vitest/config';

const conditions = ['@unrolled/source', 'module', 'node', 'development|production'];

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@unrolled/source', 'node'] } },
  test: { include: ['pages/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
});
