// A new plug-in stands on its own: it type-checks and its tests pass before anything is edited.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPackages, publicPackages, root } from '../../source/workspace.ts';
import { metadataOf } from '../metadata.ts';
import { newPlugin } from '../plugin.ts';

describe('a new cell', () => {
  let base = '';

  beforeAll(() => {
    // Below the root, so that the tools that all packages share are found.
    mkdirSync(join(root, '.cache'), { recursive: true });
    base = mkdtempSync(join(root, '.cache', 'new-'));
  });
  afterAll(() => rmSync(base, { recursive: true }));

  test('has its name everywhere, type-checks, and passes its tests', () => {
    const { folder, template } = newPlugin('cell', 'peephole-gru', base);
    expect(folder).toBe('packages/cells/peephole-gru');
    symlinkSync(join(root, template, 'node_modules'), join(base, folder, 'node_modules'));

    const [made] = findPackages(base);
    expect(made?.name).toBe('@unrolled/cell-peephole-gru');
    expect(made?.manifest.version).toBe('0.0.0');
    const source = readFileSync(join(base, folder, 'src/peephole-gru.ts'), 'utf8');
    expect(source).toContain('export const peepholeGru: ');
    expect(source).toContain("name: 'peephole-gru'");
    expect(source).toContain('PeepholeGruOptions');
    expect(source.toLowerCase()).not.toContain('vanilla');

    const settings = {
      extends: join(root, 'tsconfig.base.json'),
      include: ['packages'],
      compilerOptions: { types: ['node'] },
    };
    writeFileSync(join(base, 'tsconfig.json'), JSON.stringify(settings));
    const bin = join(root, 'node_modules', '.bin');
    const checked = spawnSync(join(bin, 'tsc'), ['-p', base], { encoding: 'utf8' });
    expect(checked.stdout).toBe('');
    const tested = spawnSync(join(bin, 'vitest'), ['run', '--root', base, '--config', join(root, 'vitest.config.ts')], {
      encoding: 'utf8',
    });
    expect(tested.stdout).toMatch(/Tests .*\d+ passed/);
    expect(tested.status, tested.stdout + tested.stderr).toBe(0);
  });

  test.each([
    ['cell', 'vanilla', 'packages/cells/vanilla is there already.', root],
    ['loss', 'huber', '"loss" is no kind of its own package; kinds are tokenizer', undefined],
    ['cell', 'GRU', '"GRU" won\'t do as a name', undefined],
  ])('%s %s is refused', (kind, name, message, there) => {
    expect(() => newPlugin(kind, name, there ?? base)).toThrow(message);
  });
});

test.each(publicPackages().map((one) => [one.folder, one] as const))('%s says what every package says', (_, one) => {
  expect(one.manifest).toMatchObject(metadataOf(one));
});
