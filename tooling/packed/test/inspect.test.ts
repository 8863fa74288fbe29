// A package that is packed wrongly is found out; a good one passes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inspect } from '../inspect.ts';

const home = mkdtempSync(join(tmpdir(), 'unrolled-packed-'));
const good = { types: './dist/index.d.ts', default: './dist/index.js' };

afterAll(() => rmSync(home, { recursive: true }));

/** The tarball of a package with these exports. */
function packed(name: string, exports: object): Buffer {
  const folder = join(home, name);
  mkdirSync(join(folder, 'dist'), { recursive: true });
  const manifest = {
    name,
    version: '1.0.0',
    license: 'MIT',
    type: 'module',
    files: ['dist'],
    exports: { '.': exports },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'dist', 'index.js'), 'export const one = 1;\n');
  writeFileSync(join(folder, 'dist', 'index.d.ts'), 'export declare const one: number;\n');
  execFileSync('npm', ['pack', '--silent', '--pack-destination', home], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
  return readFileSync(join(home, `${name}-1.0.0.tgz`));
}

test('a good package passes', async () => {
  expect(await inspect(packed('good', good))).toEqual([]);
});

test('publint sees a file that is not there', async () => {
  const problems = await inspect(packed('absent', { ...good, default: './dist/absent.js' }));
  expect(problems.join('\n')).toMatch(/publint: .*absent\.js.* does not exist/);
});

test('attw sees types that are not there', async () => {
  const problems = await inspect(packed('untyped', { types: './dist/absent.d.ts', default: './dist/index.js' }));
  expect(problems.join('\n')).toContain('attw: ');
});
