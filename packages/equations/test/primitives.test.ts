// The list of primitives is closed, and docs/primitives.md says what the code says.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leaves, primitives } from '../src/index.ts';

const page = readFileSync(new URL('../../../docs/primitives.md', import.meta.url), 'utf8');

test('there are at most 30, none of them a leaf', () => {
  expect(Object.keys(primitives).length).toBeLessThanOrEqual(30);
  expect(Object.keys(primitives).filter((name) => name in leaves)).toEqual([]);
});

test('the table of primitives', () => {
  const rows = Object.entries(primitives).map(
    ([name, { arguments: given, value, adjoint }]) => `| \`${name}\` | ${given} | ${value} | ${adjoint} |`,
  );
  expect(page).toContain(`|---|---|---|---|\n${rows.join('\n')}\n\n`);
});

test('the table of leaves', () => {
  const rows = Object.entries(leaves).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
  expect(page).toContain(`|---|---|\n${rows.join('\n')}\n\n`);
});
