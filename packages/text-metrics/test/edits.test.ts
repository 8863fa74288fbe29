// Distances, error rates, exact match and token accuracy.
import { characterErrorRate, editDistance, exactMatch, tokenAccuracy, wordErrorRate } from '@unrolled/text-metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('editDistance', () => {
  test('is that of the textbook examples', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('intention', 'execution')).toBe(5);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('👍🏽', '👍🏾')).toBe(1);
    expect(editDistance(['a', 1], ['a', '1', 2])).toBe(2);
  });

  test('is that of the definition, which tries every edit', () => {
    const unit = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 6 }), fc.array(unit, { maxLength: 6 }), (a, b) => {
        expect(editDistance(a, b)).toBe(byDefinition(a, b));
      }),
      { numRuns: 500 },
    );
  });

  test('is a metric', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab😀 '), maxLength: 30 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b) > 0).toBe(a !== b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe('error rates', () => {
  test('divide the edits of all pairs by all units of the references', () => {
    expect(characterErrorRate(['2024-01-31', '2023'], ['2024-01-30', '2023'])).toEqual({
      rate: 1 / 14,
      edits: 1,
      referenceLength: 14,
    });
    expect(wordErrorRate([' the  cat\n'], ['the cat sat'])).toEqual({ rate: 1 / 3, edits: 1, referenceLength: 3 });
    expect(wordErrorRate([[7, 8, 9]], [[7, 9]]).rate).toBe(0.5);
  });

  test('may be above 1, and have a value where references are empty', () => {
    expect(wordErrorRate(['a b c'], ['d']).rate).toBe(3);
    expect(wordErrorRate(['', ''], ['', '']).rate).toBe(0);
    expect(wordErrorRate(['a'], ['']).rate).toBe(Infinity);
  });
});

test('exactMatch compares to the letter, with any of the references', () => {
  expect(exactMatch(['a', 'b', 'C', 'd '], ['a', ['x', 'b'], 'c', 'd'])).toBe(0.5);
});

test('tokenAccuracy counts tokens in their places; too many and too few are wrong', () => {
  expect(tokenAccuracy(['red heart', 'a cat'], ['red heart', 'a big cat'])).toBe(3 / 5);
  expect(tokenAccuracy([['N', 'V']], [['N', 'N']])).toBe(0.5);
  expect(tokenAccuracy([[1, 2, 3]], [[1, 2]])).toBe(2 / 3);
  expect(tokenAccuracy([''], [''])).toBe(1);
});

function byDefinition(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  if (a[0] === b[0]) return byDefinition(restA, restB);
  return 1 + Math.min(byDefinition(restA, b), byDefinition(a, restB), byDefinition(restA, restB));
}
