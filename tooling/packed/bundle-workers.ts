// Makes one file without imports of the script of each package's worker, dist/worker/entry.js, from what tsc wrote there: a
// page's import map does not reach its workers, so the script must find everything in itself.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { publicPackages, root } from '../source/workspace.ts';

/** Bundles every worker of the published packages, whose dist/ must be there; how many. */
export async function bundleWorkers(): Promise<number> {
  const folders = publicPackages()
    .map(({ folder }) => join(root, folder, 'dist', 'worker'))
    .filter((folder) => existsSync(join(folder, 'entry.js')));
  for (const folder of folders) await bundle(folder);
  return folders.length;
}

async function bundle(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: dirname(folder),
    base: './', // whatever it brings along lies beside it
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      sourcemap: true,
      modulePreload: false,
      rolldownOptions: {
        input: join(folder, 'entry.js'),
        output: {
          entryFileNames: 'entry.js',
          codeSplitting: false,
          // Names and arithmetic stay as they are written.
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
  });
}
