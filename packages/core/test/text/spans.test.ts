// Spans in other units: what each counts, spans that cut a unit, any order, any text.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SpanUnit, spansIn, splitWords } from '../../src/index.ts';

const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);
const options = { lowercase: true, punctuation: 'keep', splitHyphens: false, splitApostrophes: false } as const;

test('the same token in every unit', () => {
  const text = '👩‍👩‍👧 Olá, e\u0301 日本';
  const word = splitWords(text, options).at(-1) as { text: string; start: number; end: number };
  expect(word).toEqual({ text: '日本', start: 17, end: 19 });
  const spanIn = (unit: SpanUnit) => spansIn(text, [word], unit)[0];
  expect(spanIn('utf-16')).toEqual(word);
  expect(spanIn('code-point')).toEqual({ text: '日本', start: 14, end: 16 });
  expect(spanIn('utf-8')).toEqual({ text: '日本', start: 29, end: 35 });
  expect(spanIn(graphemes)).toEqual({ text: '日本', start: 9, end: 11 });
});

test('a span that cuts a unit is widened to hold it', () => {
  const halves = [
    { start: 0, end: 1 },
    { start: 1, end: 2 },
    { start: 1, end: 1 },
  ];
  expect(spansIn('👍!', halves, 'code-point')).toEqual([
    { start: 0, end: 1 },
    { start: 0, end: 1 },
    { start: 0, end: 1 },
  ]);
  expect(spansIn('👍!', halves, 'utf-8')[1]).toEqual({ start: 0, end: 4 });
  expect(spansIn('e\u0301x', [{ start: 1, end: 3 }], graphemes)).toEqual([{ start: 0, end: 2 }]);
});

/** Where units begin and end: UTF-16 place and count. */
function borders(text: string, unit: SpanUnit): { place: number; count: number }[] {
  const pieces = unit === 'utf-16' ? text.split('') : typeof unit === 'function' ? [...unit(text)] : [...text];
  const found = [{ place: 0, count: 0 }];
  for (const piece of pieces) {
    const { place, count } = found.at(-1) as (typeof found)[number];
    const size = unit === 'utf-8' ? new TextEncoder().encode(piece).length : 1;
    found.push({ place: place + piece.length, count: count + size });
  }
  return found;
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'aé\u0301\u200d👍🏽🇵🇹', '\ud800', '\udc00', '\r\n', '👩‍👧', '\0') }),
);

describe.each<[string, SpanUnit]>([
  ['utf-16', 'utf-16'],
  ['code-point', 'code-point'],
  ['utf-8', 'utf-8'],
  ['graphemes', graphemes],
])('%s', (_, unit) => {
  test('any spans of any text, in any order', () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.tuple(fc.nat(30), fc.nat(30))), (text, pairs) => {
        const spans = pairs
          .filter((pair) => Math.max(...pair) <= text.length)
          .map((pair) => ({ start: Math.min(...pair), end: Math.max(...pair) }));
        const all = borders(text, unit);
        const wanted = spans.map(({ start, end }) => ({
          start: all.filter(({ place }) => place <= start).at(-1)?.count,
          end: all.find(({ place }) => place >= end)?.count,
        }));
        expect(spansIn(text, spans, unit)).toEqual(wanted);
      }),
      { numRuns: 1000 },
    );
  });
});

test('tokens keep what else they carry; no tokens, no spans', () => {
  expect(spansIn('ab', [{ text: 'b', start: 1, end: 2, kind: 'x' }], 'utf-8')).toEqual([
    { text: 'b', start: 1, end: 2, kind: 'x' },
  ]);
  expect(spansIn('', [], 'utf-8')).toEqual([]);
});

test('many tokens of one line, forwards and backwards', () => {
  const text = 'é🙂 '.repeat(100_000);
  const tokens = splitWords(text, options);
  const found = spansIn(text, tokens, 'utf-8');
  expect(found).toHaveLength(200_000);
  expect(found.at(-1)).toEqual({ text: '🙂', start: 699_995, end: 699_999 });
  expect(spansIn(text, [...tokens].reverse(), 'utf-8')[0]).toEqual(found.at(-1));
});

test('wrong units, spans and splitters are refused', () => {
  const code = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return undefined;
  };
  expect(code(() => spansIn('a', [], 'bytes' as 'utf-8'))).toBe('OPTION_INVALID');
  expect(code(() => spansIn('ab', [{ start: 0, end: 2 }], () => ['a']))).toBe('OPTION_INVALID');
  for (const span of [
    { start: 0, end: 3 },
    { start: -1, end: 1 },
    { start: 2, end: 1 },
    { start: 0.5, end: 1 },
  ])
    expect(code(() => spansIn('ab', [span], 'utf-8'))).toBe('SPAN_OUTSIDE');
});
