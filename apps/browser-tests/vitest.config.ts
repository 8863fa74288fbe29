// Runs the tests of this folder in a headless Chromium, from the packages' source: those of test/plain in a page that is not
// cross-origin isolated, the others in one that is.
import { playwright } from '@vitest/browser-playwright';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { chromium } from './chromium.ts';

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['@unrolled/source', ...defaultClientConditions] },
  // List here what tests import from others (tfjs), or a dependency found late reloads the page in the middle of a run.
  optimizeDeps: {
    include: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-webgpu'],
  },
  test: {
    projects: [
      {
        extends: true,
        // Cross-origin isolation, for SharedArrayBuffer.
        server: {
          headers: {
            'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp',
          },
        },
        test: { name: 'isolated', include: ['test/*.test.ts'] },
      },
      { extends: true, test: { name: 'plain', include: ['test/plain/*.test.ts'] } },
    ],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: chromium,
          args: [
            // Chromium refuses to start as root, as in a container, with its sandbox on; only our own pages are opened.
            '--no-sandbox',
            '--enable-unsafe-webgpu',
            '--use-webgpu-adapter=swiftshader',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
