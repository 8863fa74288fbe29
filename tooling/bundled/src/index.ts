// A TypeScript program of this workspace as one file, for tests that start many processes of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const conditions = ['@unrolled/source', 'module', 'node'];

/** A program that Node runs without a loader. */
export interface BundledProgram {
  /** The file. */
  readonly path: string;
  /** Takes it away. */
  readonly remove: () => void;
}

/**
 * Makes one file of a program and all sources that it imports. That takes a second of processor time, and each start a
 * tenth of one; a start through tsx takes one and a half.
 *
 * `import.meta.url` stays what it is in the source. What lies in `external` is found from where the source lies.
 * @param entry - the program's source.
 * @param external - names of packages that are left out, the parts of them as well.
 */
export async function bundleProgram(entry: URL, external: readonly string[] = []): Promise<BundledProgram> {
  // Beside the source, so that Node finds packages there as the source does; git and linters pass node_modules by.
  const source = fileURLToPath(entry);
  const home = mkdtempSync(join(dirname(dirname(source)), 'node_modules', '.bundled-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: dirname(source),
    plugins: [{ name: 'urls-of-sources', enforce: 'pre', transform: withUrl }],
    ssr: { noExternal: true, external: [...external], resolve: { conditions } },
    build: {
      ssr: source,
      outDir: home,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'program.mjs', codeSplitting: false } },
    },
  });
  return { path: join(home, 'program.mjs'), remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Files beside a source are found from the source. */
function withUrl(code: string, id: string): string | undefined {
  if (!code.includes('import.meta.url')) return undefined;
  return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href));
}
