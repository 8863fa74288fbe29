// Serves and builds the page from the source of the workspace's packages.
import { defaultClientConditions, defineConfig } from 'vite';

/** With these two a page is cross-origin isolated, and has threads. Your own server must send them too. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // Where the packages come from npm, this line goes.
  resolve: { conditions: ['@unrolled/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  // Workers are entries too: what only they import would be found late, and reload the page in the middle of a training.
  optimizeDeps: { entries: ['index.html', 'src/*/worker.ts'] },
  build: { target: 'es2022', emptyOutDir: true },
  server: { headers },
  preview: { headers },
});
