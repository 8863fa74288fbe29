// Every error that a package throws says how it can be mended.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';
import { parse } from '../../source/parse.ts';
import { publicPackages, root } from '../../source/workspace.ts';

/** What a check of the plugin-kit found: its sentence says what must hold. */
const withoutMend = ['packages/plugin-kit/src/check.ts'];

/** Lines of `new UnrolledError(…)` whose details have no `mend`; details that come from elsewhere are taken on trust. */
function lacking(path: string, text: string): string[] {
  const { program, lineAt } = parse(path, text);
  const found: string[] = [];
  new Visitor({
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type !== 'Identifier' || callee.name !== 'UnrolledError') return;
      const details = given[2];
      const literal = details === undefined || details.type === 'ObjectExpression';
      const said = details && /\bmend\b/.test(text.slice(details.start, details.end));
      if (literal && !said) found.push(`${path}:${lineAt(start)}`);
    },
  }).visit(program);
  return found;
}

test('an error without a mend is found', () => {
  expect(lacking('a.ts', "throw new UnrolledError('A', 'No.');\nnew UnrolledError('A', 'No.', { cause })")).toEqual([
    'a.ts:1',
    'a.ts:2',
  ]);
  expect(lacking('a.ts', "new UnrolledError('A', 'No.', { mend: 'Yes.' }), new Error('x')")).toEqual([]);
});

test('every error of a package has a mend', () => {
  const sources = publicPackages().flatMap(({ folder, files }) =>
    files.filter((file) => /^src\/.*\.ts$/.test(file)).map((file) => `${folder}/${file}`),
  );
  expect(sources.length).toBeGreaterThan(300);
  const found = sources
    .filter((path) => !withoutMend.includes(path))
    .flatMap((path) => lacking(path, readFileSync(join(root, path), 'utf8')));
  expect(found).toEqual([]);
});
