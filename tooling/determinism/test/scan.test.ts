// What differs between engines is found however it is written, and what the language fixes is let through.
import { expect, test } from 'vitest';
import { scan } from '../scan.ts';

const uses = (text: string): string[] => scan('a.ts', text).map(({ line, use }) => `${line} ${use}`);

test.each([
  ['const a = Math.exp(1);', '1 Math.exp'],
  ['\nconst a = [1].map(Math.tanh);', '2 Math.tanh'],
  ["const a = Math['pow'](2, 3);", '1 Math.pow'],
  ['const a = globalThis.Math.log(2);', '1 Math as a value'],
  ['const { exp } = Math;', '1 Math as a value'],
  ['const m = Math;', '1 Math as a value'],
  ["const f = 'exp'; const a = Math[f](1);", '1 Math as a value'],
  ['const a = 3 ** 2;', '1 **'],
  ['const b = 3, a = 2 ** b;', '1 **'],
  ['const a = 2 ** 0.5;', '1 **'],
  ['let a = 2;\na **= 3;', '2 **'],
  ['const a = Math.random();', '1 Math.random'],
  ["const a = ['b'].sort((x, y) => x.localeCompare(y));", '1 localeCompare'],
  ["const a = 'I'.toLocaleLowerCase();", '1 toLocaleLowerCase'],
  ['const a = new Intl.Collator();', '1 Intl.Collator'],
])('%s', (text, expected) => {
  expect(uses(text)).toEqual([expected]);
});

test('what the language fixes to the last bit passes', () => {
  expect(uses('const a = Math.sqrt(Math.max(2, Math.PI)) * Math.imul(3, 4) + Math.floor(1.5);')).toEqual([]);
  expect(uses('const a = 2 ** 32 - 1, b = 2 ** -20;')).toEqual([]);
  expect(uses("// Math.exp(1) and 2 ** 3\nconst a = 'Math.exp(1)';")).toEqual([]);
});

test('a use inside an allowed one is found', () => {
  expect(uses('const a = Math.sqrt(Math.exp(1));')).toEqual(['1 Math.exp']);
});
