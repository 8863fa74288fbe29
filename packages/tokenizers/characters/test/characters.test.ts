// Characters as code points and as grapheme clusters, and the exact way back.

import { charactersTokenizer } from '@unrolled/tokenizer-characters';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const texts = (text: string, options?: Parameters<typeof charactersTokenizer>[0]) =>
  charactersTokenizer(options)
    .tokenize(text)
    .map((token) => token.text);

test('code points, with the spans of surrogate pairs', () => {
  expect(charactersTokenizer().tokenize('a👍é')).toEqual([
    { text: 'a', start: 0, end: 1 },
    { text: '👍', start: 1, end: 3 },
    { text: 'é', start: 3, end: 4 },
  ]);
});

test('grapheme clusters', () => {
  const clusters = ['e\u0301', '👩‍👩‍👧‍👦', '🇵🇹', '\r\n', 'क्षि', '각', 'x'];
  expect(texts(clusters.join(''), { unit: 'grapheme' })).toEqual(clusters);
  expect(texts('e\u0301', { unit: 'code-point' })).toEqual(['e', '\u0301']);
});

test('grapheme clusters agree with the engine’s own', () => {
  const engine = new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const text of ['Olá, ação! 👋🏽', '한국어 조합 각', 'สวัสดี', 'نص عربي', 'a\u0300\u0316b'])
    expect(texts(text, { unit: 'grapheme' })).toEqual([...engine.segment(text)].map(({ segment }) => segment));
});

test('lower case keeps the spans of the original', () => {
  expect(charactersTokenizer({ lowercase: true }).tokenize('İA')).toEqual([
    { text: 'i̇', start: 0, end: 1 },
    { text: 'a', start: 1, end: 2 },
  ]);
});

describe.each(['code-point', 'grapheme'] as const)('every text goes there and back: %s', (unit) => {
  test('exactly, lone surrogates too', () => {
    const { tokenize, detokenize } = charactersTokenizer({ unit });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), fc.string({ unit: 'binary' }), (units, more) => {
        const text = String.fromCharCode(...units) + more;
        const tokens = tokenize(text);
        expect(detokenize?.(tokens.map((token) => token.text))).toBe(text);
        for (const { text: found, start, end } of tokens) expect(text.slice(start, end)).toBe(found);
      }),
      { numRuns: 500 },
    );
  });
});

test.each(['a', '\u0301', '👩\u200d', '🇵', '\u1100', '\0'])('a single line of a million units of %j', (unit) => {
  const text = unit.repeat(999_999 / unit.length);
  for (const kind of ['code-point', 'grapheme'] as const)
    expect(charactersTokenizer({ unit: kind }).tokenize(text).at(-1)?.end).toBe(text.length);
});

test('empty text has no characters', () => {
  expect(texts('')).toEqual([]);
  expect(charactersTokenizer().detokenize?.([])).toBe('');
});

test('a wrong unit says which there are', () => {
  expect(() => charactersTokenizer({ unit: 'byte' as 'grapheme' })).toThrow(
    'tokenizer "characters": option "unit" must be one of code-point, grapheme, but "byte" was given.',
  );
});
