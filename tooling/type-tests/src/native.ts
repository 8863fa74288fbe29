// Compiles snippets with the workspace's own compiler, which has no programming interface: its messages line by line.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Messages of the compiler that checks this workspace, for code whose relative imports start two folders below the root. */
export function compileNatively(code: string): { readonly version: string; readonly output: string } {
  const home = join(root, '.cache', `type-tests-${process.pid}`);
  const manifest = createRequire(join(root, 'package.json'))('typescript/package.json');
  const compiler = join(root, 'node_modules', 'typescript', manifest.bin.tsc);
  try {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'snippet.ts'), code);
    const extended = relative(home, join(root, 'tsconfig.base.json')).replaceAll('\\', '/');
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ extends: extended, include: ['snippet.ts'] }));
    const { stdout, error } = spawnSync(process.execPath, [compiler, '-p', home, '--pretty', 'false'], {
      encoding: 'utf8',
    });
    if (error) throw error;
    return { version: manifest.version, output: stdout };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
