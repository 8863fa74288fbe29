// Evaluation: gensim's numbers on the same vectors and test sets, intervals, and bad test sets.
import {
  evaluateAnalogies,
  evaluateWordPairs,
  KeyedVectors,
  parseAnalogies,
  parseWordPairs,
  spreadOf,
} from '@unrolled/word-vectors';
import { describe, expect, test } from 'vitest';
import { answers, golden } from './golden.ts';

const { words, size } = answers;
const vectors = new KeyedVectors({ words, size, values: Float32Array.from(answers.vectors) });
const text = (name: string) => new TextDecoder().decode(golden(name));

describe.each(answers.evaluations)(
  'as gensim: $mostFrequent words, ignoring case $ignoreCase, unknown counted $unknownAsWrong',
  ({ unknownAsWrong, mostFrequent, ignoreCase, ...theirs }) => {
    test('word pairs', () => {
      const unknown = unknownAsWrong ? 'zero' : 'skip';
      const found = evaluateWordPairs(vectors, text('pairs.tsv'), { mostFrequent, ignoreCase, unknown });
      expect(found.pearson.value).toBeCloseTo(theirs.pearson, 6);
      expect(found.spearman.value).toBeCloseTo(theirs.spearman, 12);
      expect(100 * found.unknownShare).toBeCloseTo(theirs.unknownPercent, 12);
      expect(found.used + (unknownAsWrong ? 0 : found.unknown.length)).toBe(found.pairs);
      expect(found.mostFrequent).toBe(mostFrequent);
    });

    test('analogies by section', async () => {
      const unknown = unknownAsWrong ? 'wrong' : 'skip';
      const found = await evaluateAnalogies(vectors, text('analogies.txt'), { mostFrequent, ignoreCase, unknown });
      expect(found.sections.map(({ name, correct, used }) => [name, correct, used - correct])).toEqual(theirs.sections);
      expect(found.correct).toBe(found.sections.reduce((sum, { correct }) => sum + correct, 0));
      expect(found.used).toBe(found.sections.reduce((sum, { used }) => sum + used, 0));
      expect(found.accuracy.value).toBe(found.correct / found.used);
    });
  },
);

test('3CosMul answers as one analogy at a time does', async () => {
  const sections = parseAnalogies(text('analogies.txt').toLowerCase());
  const asked = sections
    .flatMap(({ analogies }) => analogies)
    .filter((four) => four.every((word) => vectors.has(word)));
  const right = asked.filter(([a, b, c, d]) => {
    const [best] = vectors.analogy({ positive: [b, c], negative: [a], method: '3CosMul', count: 1 });
    return best?.word === d;
  });
  const found = await evaluateAnalogies(vectors, sections, { method: '3CosMul' });
  expect(asked.length).toBeGreaterThan(30);
  expect(found.correct).toBe(right.length);
});

describe('how sure it is', () => {
  test('the interval over pairs is that of the seed, holds the value, and widens with the level', () => {
    const at = (level: number, seed = 1) =>
      evaluateWordPairs(vectors, text('pairs.tsv'), { confidence: { level, seed } }).spearman;
    expect(at(0.95)).toEqual(at(0.95));
    expect(at(0.95)).not.toEqual(at(0.95, 2));
    const [narrow, wide] = [at(0.5), at(0.95)];
    for (const { value, low, high } of [narrow, wide]) expect([low < value, value < high]).toEqual([true, true]);
    expect([wide.low < narrow.low, wide.high > narrow.high]).toEqual([true, true]);
  });

  test('a perfect agreement is 1 in every sample', () => {
    const pairs = words.slice(1).map((b) => ({ a: 'rei', b, similarity: vectors.similarity('rei', b) }));
    const { spearman, pearson } = evaluateWordPairs(vectors, pairs, {
      ignoreCase: false,
      confidence: { samples: 50 },
    });
    expect(spearman).toEqual({ value: expect.closeTo(1, 12), low: expect.closeTo(1, 12), high: expect.closeTo(1, 12) });
    expect(pearson.value).toBeCloseTo(1, 12);
  });

  test("Wilson's interval, by a textbook's numbers", async () => {
    // Newcombe (1998), Two-sided confidence intervals for the single proportion, table I: 81 of 263, 0.2553 to 0.3662
    const model = new KeyedVectors({
      words: ['a', 'b', 'c', 'd', 'e'],
      size: 2,
      values: Float32Array.of(1, 0, 1, 0.1, 1, 0.2, 0, 1, -1, 0),
    });
    const right = ['a', 'b', 'c', 'd'] as const;
    const wrong = ['a', 'b', 'c', 'e'] as const;
    const analogies = [...Array.from({ length: 81 }, () => right), ...Array.from({ length: 182 }, () => wrong)];
    const { accuracy } = await evaluateAnalogies(model, [{ name: 'one', analogies }]);
    expect(accuracy.value).toBe(81 / 263);
    expect([accuracy.low, accuracy.high].map((end) => end.toFixed(4))).toEqual(['0.2553', '0.3662']);
  });

  test('over seeds', () => {
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      mean: 5,
      deviation: expect.closeTo(Math.sqrt(32 / 7), 12),
      minimum: 2,
      maximum: 9,
    });
    expect(() => spreadOf([])).toThrow('There are no values');
  });
});

describe('bad test sets', () => {
  test.each([
    ['two columns', 'a\tb', 'Line 1 must be two words and a number between tabs, but is "a\\tb"'],
    ['no number', '# note\n\na\tb\tmuch', 'Line 3 must be'],
    ['four columns', 'a\tb\t1\tc', 'Line 1 must be'],
    ['an empty word', '\tb\t1', 'Line 1 must be'],
  ])('pairs: %s', (_, bad, message) => {
    expect(() => parseWordPairs(bad)).toThrow(
      expect.objectContaining({ code: 'EVALUATION_DATA_INVALID', message: expect.stringContaining(message) }),
    );
  });

  test.each([
    ['three words', ': a\na b c', 'Line 2 must have four words'],
    ['no section', 'a b c d', 'Line 1 comes before the first section'],
  ])('analogies: %s', (_, bad, message) => {
    expect(() => parseAnalogies(bad)).toThrow(message);
  });

  test('nothing to measure', async () => {
    expect(() => evaluateWordPairs(vectors, 'x\ty\t1\nking\tqueen\t2')).toThrow('of 2 pairs 1 are known');
    await expect(evaluateAnalogies(vectors, '')).rejects.toThrow('There are no analogies.');
  });

  test('CRLF and spaces at ends are understood', () => {
    expect(parseWordPairs('#\r\nking\tqueen\t 8.5 \r\n')).toEqual([{ a: 'king', b: 'queen', similarity: 8.5 }]);
    expect(parseAnalogies(':  x y \r\na\tb  c d \r\n\r\n')).toEqual([
      { name: 'x y', analogies: [['a', 'b', 'c', 'd']] },
    ]);
  });

  test('an evaluation can be stopped', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(evaluateAnalogies(vectors, text('analogies.txt'), { signal })).rejects.toThrow('enough');
  });
});
