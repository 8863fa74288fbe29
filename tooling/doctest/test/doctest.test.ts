// Blocks of documentation become tests that keep their lines and check what the page promises.
import { expect, test } from 'vitest';
import { blocksOf } from '../blocks.ts';
import { compose } from '../compose.ts';

const page = ['# Title', '', '```ts', "import { f } from 'f';", '', 'f(2); // → 4', '```', '', '```sh', 'npm i', '```'];

function composed(lines: readonly string[]): string {
  return compose('README.md', { line: 1, body: lines, run: true });
}

test('finds the ts blocks of a page, and no others', () => {
  expect(blocksOf('README.md', page.join('\n'))).toEqual([
    { line: 3, body: ["import { f } from 'f';", '', 'f(2); // → 4'], run: true },
  ]);
});

test('finds blocks in doc comments, without the stars', () => {
  const text =
    '/**\n * Doubles.\n * ```ts no-run\n * const a = 1;\n *   const b = 2;\n * ```\n */\nexport const x = 1;';
  expect(blocksOf('a.ts', text)).toEqual([{ line: 3, body: ['const a = 1;', '  const b = 2;'], run: false }]);
});

test('each line of the test stands where it stands in the page', () => {
  const [block] = blocksOf('README.md', page.join('\n'));
  if (!block) throw new Error('the page has a block');
  const lines = compose('README.md', block).split('\n');
  expect(lines.slice(0, 2)).toEqual(['', '']);
  expect(lines[3]).toContain('import { f } from \'f\'; __test("README.md:3"');
  expect(lines[5]).toBe(' __expect(f(2)).toEqual(4);');
  expect(lines[6]).toBe('});');
});

test.each([
  ['f(2); // → 4', ' __expect(f(2)).toEqual(4);'],
  ['console.log(f(2)); // → [1, 2]', ' __expect(f(2)).toEqual([1, 2]);'],
  ['const y: number = f(2); // → 4', 'const y: number = f(2); __expect(y).toEqual(4);'],
  ['export const { a } = f(2); // → { a: 4 }', 'const { a } = f(2); __expect({ a }).toEqual({ a: 4 });'],
  ["await f(2); // → 'x'", " __expect(await f(2)).toEqual('x');"],
  ['f(2); // prints 4', 'f(2); // prints 4'],
])('%s', (line, expected) => {
  expect(composed([line]).split('\n')[1]).toBe(expected);
});

test.each([
  [['f();', "import { f } from 'f';"], 'Imports come first in a block.'],
  [['if (a) {} // → 4'], 'Only a value or a variable can promise'],
  [['const = 3;'], 'README.ts:1'],
])('%j is a test that fails', (lines, message) => {
  expect(composed(lines)).toContain('throw new Error');
  expect(composed(lines)).toContain(message);
});
