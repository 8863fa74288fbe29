// Each rule of the layout fails on a tree that breaks it, and a good tree passes.
import { rmSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { checkImports, type Finding } from '../check.ts';
import { type Member, tree } from './tree.ts';

const core: Member = { name: '@unrolled/core', files: { 'src/index.ts': 'export const one = 1;' } };
const lstm: Member = {
  name: '@unrolled/cell-lstm',
  dependencies: ['@unrolled/core'],
  files: { 'src/index.ts': "import { one } from '@unrolled/core';\nexport const lstm = one;" },
};
const made: string[] = [];

afterEach(() => {
  for (const base of made.splice(0)) rmSync(base, { recursive: true });
});

function check(members: Readonly<Record<string, Member>>): readonly Finding[] {
  const base = tree(members);
  made.push(base);
  return checkImports(base).findings;
}

function rules(members: Readonly<Record<string, Member>>): string[] {
  return check(members).map(({ rule, at }) => `${rule} ${at}`);
}

/** An app whose main file has this text. */
function app(text: string, dependencies = ['@unrolled/core']): Member {
  return { name: 'app', dependencies, files: { 'src/main.ts': text } };
}

describe('a good tree', () => {
  test('passes, its tests importing public exports through devDependencies', () => {
    const tested: Member = {
      ...lstm,
      devDependencies: ['@unrolled/cell-vanilla'],
      files: {
        ...lstm.files,
        'test/a.test.ts':
          "import { test } from 'vitest';\nimport '@unrolled/cell-vanilla';\nimport '@unrolled/cell-lstm';\nimport 'node:fs';\nimport '../src/index.ts';",
      },
    };
    const vanilla: Member = { ...lstm, name: '@unrolled/cell-vanilla' };
    expect(
      check({
        'packages/core': core,
        'packages/cells/lstm': tested,
        'packages/cells/vanilla': vanilla,
        'apps/a': app("import '@unrolled/core/node';"),
      }),
    ).toEqual([]);
  });
});

describe('a cycle', () => {
  test('between files of a package', () => {
    const files = {
      'src/index.ts': "export * from './a.ts';",
      'src/a.ts': "import type { B } from './b.ts';\nexport type A = B;",
      'src/b.ts': "export * from './a.ts';\nexport type B = 1;",
    };
    const [found] = check({ 'packages/core': { name: '@unrolled/core', files } });
    expect(found).toEqual({
      rule: 'cycle',
      at: 'packages/core/src/a.ts',
      message:
        'files import each other: packages/core/src/a.ts → packages/core/src/b.ts → packages/core/src/a.ts; move what they share below both.',
    });
  });

  test('between packages', () => {
    const upward: Member = {
      name: '@unrolled/core',
      dependencies: ['@unrolled/cell-lstm'],
      files: { 'src/index.ts': "import '@unrolled/cell-lstm';\nexport const one = 1;" },
    };
    expect(rules({ 'packages/core': upward, 'packages/cells/lstm': lstm })).toContain('cycle packages/cells/lstm');
  });

  test('between packages that only declare each other', () => {
    const upward: Member = { ...core, dependencies: ['@unrolled/cell-lstm'] };
    expect(rules({ 'packages/core': upward, 'packages/cells/lstm': lstm })).toContain('cycle packages/cells/lstm');
  });
});

describe('a plug-in that imports another of its kind', () => {
  const gru = (text: string): Member => ({
    name: '@unrolled/cell-gru',
    dependencies: ['@unrolled/cell-lstm'],
    files: { 'src/index.ts': text },
  });

  test.each([
    ["import { lstm } from '@unrolled/cell-lstm';", 'a static import'],
    ["import type { lstm } from '@unrolled/cell-lstm';", 'a type import'],
    ["export * from '@unrolled/cell-lstm';", 'a re-export'],
    ["const lstm = await import('@unrolled/cell-lstm');", 'a dynamic import'],
    ["export type L = typeof import('@unrolled/cell-lstm');", 'an import type'],
    ["const lstm = require('@unrolled/cell-lstm');", 'a require'],
  ])('%s', (text) => {
    const found = rules({ 'packages/core': core, 'packages/cells/lstm': lstm, 'packages/cells/gru': gru(text) });
    expect(found).toEqual(['same-kind packages/cells/gru/src/index.ts:1', 'same-kind packages/cells/gru/package.json']);
  });

  test('by a path', () => {
    const byPath: Member = {
      name: '@unrolled/cell-gru',
      files: { 'src/index.ts': "import '../../lstm/src/index.ts';" },
    };
    const found = rules({ 'packages/core': core, 'packages/cells/lstm': lstm, 'packages/cells/gru': byPath });
    expect(found).toEqual(['private packages/cells/gru/src/index.ts:1']);
  });
});

describe('an app that reaches past public exports', () => {
  test.each([
    "import '@unrolled/core/src/index.ts';",
    "import '@unrolled/core/dist/index.js';",
    "import '../../../packages/core/src/index.ts';",
    "await import('@unrolled/core/src/index.ts');",
  ])('%s', (text) => {
    expect(rules({ 'packages/core': core, 'apps/a': app(text) })).toEqual(['private apps/a/src/main.ts:1']);
  });

  test('from its tests too', () => {
    const tested = app('');
    const files = { 'test/a.test.ts': "\nimport '@unrolled/core/src/index.ts';" };
    expect(rules({ 'packages/core': core, 'apps/a': { ...tested, files } })).toEqual([
      'private apps/a/test/a.test.ts:2',
    ]);
  });
});

describe('the layers', () => {
  test('core imports nothing, plug-in kits and tokenizers only core', () => {
    const equations: Member = { ...lstm, name: '@unrolled/equations' };
    const kit: Member = {
      name: '@unrolled/plugin-kit',
      dependencies: ['@unrolled/equations'],
      files: { 'src/index.ts': "import '@unrolled/equations';" },
    };
    expect(rules({ 'packages/core': core, 'packages/equations': equations, 'packages/plugin-kit': kit })).toEqual([
      'layer packages/plugin-kit/src/index.ts:1',
      'layer packages/plugin-kit/package.json',
    ]);
  });

  test('no package imports an app or a tool', () => {
    const upward: Member = { ...lstm, dependencies: ['@unrolled/core', 'app'] };
    const found = rules({ 'packages/core': core, 'packages/cells/lstm': upward, 'apps/a': app('') });
    expect(found).toEqual(['layer packages/cells/lstm/package.json']);
  });

  test('a package that has no layer is refused', () => {
    expect(() =>
      check({
        'packages/strange': { ...core, dependencies: ['@unrolled/strange2'] },
        'packages/strange2': { ...core, name: '@unrolled/strange2' },
      }),
    ).toThrow('packages/strange has no layer');
  });
});

describe('declarations', () => {
  test('source may not lean on a devDependency, nor a test on nothing', () => {
    const careless: Member = {
      ...core,
      devDependencies: ['fast-check'],
      files: { 'src/index.ts': "import 'fast-check';", 'test/a.test.ts': "import 'fast-check';\nimport 'left-pad/x';" },
    };
    expect(rules({ 'packages/core': careless })).toEqual([
      'undeclared packages/core/src/index.ts:1',
      'undeclared packages/core/test/a.test.ts:2',
    ]);
  });

  test('a package does not import itself by name', () => {
    const looped: Member = { ...core, files: { 'src/index.ts': "import '@unrolled/core';" } };
    expect(rules({ 'packages/core': looped })).toEqual(['self packages/core/src/index.ts:1']);
  });
});

test('a file that does not parse is named with its line', () => {
  expect(() => check({ 'packages/core': { ...core, files: { 'src/index.ts': '\nimport {' } } })).toThrow(
    'packages/core/src/index.ts:2',
  );
});
