// Word vectors by word: against gensim's answers and against the definitions.
import { KeyedVectors, type KeyedVectorsData, subwordBuckets } from '@unrolled/word-vectors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answers } from './golden.ts';

const { queries, words, size } = answers;
const vectors = new KeyedVectors({ words, size, values: Float32Array.from(answers.vectors) });

function expectRanked(
  found: readonly { word: string; similarity: number }[],
  theirs: readonly (readonly [string, number])[],
) {
  expect(found).toEqual(theirs.map(([word, score]) => ({ word, similarity: expect.closeTo(score, 6) })));
}

describe("gensim's answers", () => {
  test.each(Object.entries(queries.neighbours))('neighbours of %s', (word, theirs) => {
    expectRanked(vectors.neighbours(word, { count: 5 }), theirs);
    expect(vectors.similarity(word, theirs[0]?.[0] as string)).toBeCloseTo(theirs[0]?.[1] as number, 6);
  });

  test('among the most frequent', () => {
    expectRanked(vectors.neighbours('queen', { count: 4, mostFrequent: 12 }), queries.among);
  });

  test('analogies by sum and by product', () => {
    const question = { positive: ['woman', 'king'], negative: ['man'], count: 5 };
    expectRanked(vectors.analogy(question), queries.sum);
    expectRanked(vectors.analogy({ ...question, method: '3CosMul' }), queries.product);
  });

  test.each(queries.doesNotMatch)('of %j, %s does not match', (some, word) => {
    expect(vectors.doesNotMatch(some)).toBe(word);
  });

  test('distances', () => {
    const found = vectors.distances('go', ['go', 'went', 'Rei']);
    for (const [i, distance] of found.entries()) expect(distance).toBeCloseTo(queries.distances[i] as number, 6);
    expect(vectors.distances('go')[words.indexOf('went')]).toBeCloseTo(queries.distances[1] as number, 6);
  });
});

describe('the definitions', () => {
  const numbers = fc.integer({ min: -3, max: 3 }); // ties and zeros are common
  const some = fc
    .record({ size: fc.integer({ min: 1, max: 9 }), words: fc.integer({ min: 1, max: 12 }) })
    .chain((sizes) =>
      fc.record({
        size: fc.constant(sizes.size),
        values: fc.array(numbers, { minLength: sizes.size * sizes.words, maxLength: sizes.size * sizes.words }),
        of: fc.nat(sizes.words - 1),
        count: fc.integer({ min: 1, max: 14 }),
        mostFrequent: fc.integer({ min: 1, max: 14 }),
      }),
    );

  test('neighbours are all words by cosine, then by row, without the word itself', () => {
    fc.assert(
      fc.property(some, ({ size: width, values, of, count, mostFrequent }) => {
        const rows = Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
        const named = rows.map((_, i) => `w${i}`);
        const few = new KeyedVectors({ words: named, size: width, values: Float32Array.from(values) });
        const length = (x: readonly number[]) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
        const cosine = (x: readonly number[], y: readonly number[]) =>
          x.reduce((sum, value, i) => sum + value * (y[i] as number), 0) / (length(x) * length(y)) || 0;
        const expected = rows
          .map((row, i) => ({ i, similarity: cosine(row, rows[of] as number[]) }))
          .filter(({ i }) => i !== of && i < mostFrequent)
          .map(({ similarity }) => similarity)
          .sort((a, b) => b - a)
          .slice(0, count);
        const found = few.neighbours(`w${of}`, { count, mostFrequent });
        expect(found.map(({ similarity }) => similarity)).toEqual(expected.map((x) => expect.closeTo(x, 12)));
        for (const { word, similarity } of found) {
          expect(cosine(rows[few.indexOf(word)] as number[], rows[of] as number[])).toBeCloseTo(similarity, 12);
          expect(few.similarity(word, `w${of}`)).toBeCloseTo(similarity, 12);
        }
        for (const [i, { word, similarity }] of found.entries()) {
          const next = found[i + 1];
          if (next?.similarity === similarity) expect(few.indexOf(word)).toBeLessThan(few.indexOf(next.word));
        }
      }),
    );
  });

  test('a vector may stand for a word', () => {
    const [first, second] = vectors.neighbours(vectors.vector('queen'), { count: 2 });
    expect(first).toEqual({ word: 'queen', similarity: expect.closeTo(1, 12) });
    expect(second).toEqual(vectors.neighbours('queen', { count: 1 })[0]);
  });

  test('a vector is a copy', () => {
    vectors.vector('queen').fill(0);
    expect(vectors.vector('queen').some((value) => value !== 0)).toBe(true);
  });

  test('words, rows, counts', () => {
    expect([vectors.has('são'), vectors.has('sao'), vectors.indexOf('são'), vectors.indexOf('sao')]).toEqual([
      true,
      false,
      6,
      -1,
    ]);
    expect(vectors.counts).toBeUndefined();
    expect(new KeyedVectors({ words: ['a'], size: 1, values: Float32Array.of(1), counts: [3] }).counts).toEqual([3]);
  });
});

describe('character n-grams', () => {
  // hashes of the C++ program's own function, worked by hand from FNV-1a: offset 2166136261, prime 16777619
  const hash = (text: string) =>
    [...new TextEncoder().encode(text)].reduce((sum, byte) => {
      const signed = byte > 127 ? BigInt(byte) + 0xffffff00n : BigInt(byte);
      return ((sum ^ signed) * 16777619n) & 0xffffffffn;
    }, 2166136261n);

  test('their buckets, by where they begin, then by length', () => {
    const expected = ['<w', '<wh', 'wh', 'whe', 'he', 'he>', 'e>'].map((gram) => Number(hash(gram) % 1000n));
    expect(subwordBuckets('whe', { minimum: 2, maximum: 3 }, 1000)).toEqual(expected);
    const accents = ['<ã', 'ã', 'ã日', '日', '日>'].map((gram) => Number(hash(gram) % 2000000n));
    expect(subwordBuckets('ã日', { minimum: 1, maximum: 2 }, 2000000)).toEqual(accents);
    expect(subwordBuckets('a', { minimum: 1, maximum: 3 }, 0)).toEqual([]);
  });

  test('give unknown words a vector, where a word is long enough', () => {
    const subwords = { minimum: 3, maximum: 3, values: Float32Array.of(1, 0, 0, 1, 1, 1) };
    const model = new KeyedVectors({ words: ['ab'], size: 2, values: Float32Array.of(2, 0), subwords });
    const rows = subwordBuckets('abc', subwords, 3).map((row) => [
      subwords.values[2 * row],
      subwords.values[2 * row + 1],
    ]);
    const mean = [0, 1].map((i) => rows.reduce((sum, row) => sum + (row[i] as number), 0) / rows.length);
    expect([...model.vector('abc')]).toEqual(mean.map((value) => expect.closeTo(value, 6)));
    expect(model.has('abc')).toBe(false);
    expect(model.neighbours('abc')[0]?.word).toBe('ab');
    expect(model.similarity('abc', 'ab')).toBeCloseTo((mean[0] as number) / Math.hypot(...mean), 6);
    expect(() => model.vector('')).toThrow('too short for character n-grams');
  });
});

describe('what does not fit is refused', () => {
  const good: KeyedVectorsData = { words: ['a', 'b'], size: 2, values: Float32Array.of(1, 2, 3, 4) };
  test.each([
    ['size 0', { size: 0 }, 'a whole number from 1, but is 0'],
    ['too few values', { size: 3 }, '2 words of size 3 need 6 values, but 4 were given'],
    ['a word twice', { words: ['a', 'a'] }, '"a" is given twice, in rows 0 and 1'],
    ['NaN', { values: Float32Array.of(1, 2, 3, Number.NaN) }, 'Value 1 of "b" is NaN'],
    ['too few counts', { counts: [1] }, 'need as many counts, but 1 were given'],
    ['half a count', { counts: [1, 0.5] }, 'The count of "b" must be a whole number from 0, but is 0.5'],
    [
      'n-grams of no size',
      { subwords: { minimum: 1, maximum: 2, values: new Float32Array(3) } },
      'no whole number of rows',
    ],
    ['n-grams the wrong way', { subwords: { minimum: 3, maximum: 2, values: new Float32Array(2) } }, '3 to 2 long'],
  ] as [string, Partial<KeyedVectorsData>, string][])('%s', (_, change, message) => {
    expect(() => new KeyedVectors({ ...good, ...change })).toThrow(
      expect.objectContaining({ code: 'VECTORS_INVALID', message: expect.stringContaining(message) }),
    );
  });

  test('questions', () => {
    const model = new KeyedVectors(good);
    expect(() => vectors.vector('quen')).toThrow(
      expect.objectContaining({ code: 'WORD_UNKNOWN', mend: 'Did you mean "queen"?' }),
    );
    expect(() => model.neighbours([1])).toThrow('A vector of 1 number was given, but those of these words have 2.');
    expect(() => model.neighbours([1, Infinity])).toThrow('not finite');
    expect(() => model.neighbours('a', { count: 0 })).toThrow('Option "count" must be a whole number of at least 1');
    expect(() => model.analogy({ positive: [] })).toThrow('at least one positive word');
    expect(() => model.doesNotMatch([])).toThrow('an empty list was given');
  });
});
