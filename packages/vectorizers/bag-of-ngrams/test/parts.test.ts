// Counting in parts, merging, saving, and what comes one document after the other: always the same as one pass.

import {
  type BagVectorizerOptions,
  bagOfNgrams,
  bagOfNgramsVectorizer,
  restoreBagOfNgrams,
} from '@unrolled/vectorizer-bag-of-ngrams';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const anyText = fc.oneof(
  fc
    .array(fc.constantFrom('a', 'b', 'the', 'é', 'e\u0301', '𝒳', '\ud800', ' ', '-', '.', '日'), { maxLength: 12 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 10 }).map((units) => String.fromCharCode(...units)),
);
const someTexts = fc.array(anyText, { minLength: 1, maxLength: 12 });
const someOptions: fc.Arbitrary<Partial<BagVectorizerOptions>> = fc
  .record({
    profile: fc.constantFrom('unrolled' as const, 'scikit-learn' as const),
    unit: fc.constantFrom('words' as const, 'characters' as const, 'word-characters' as const),
    features: fc.constantFrom('vocabulary' as const, 'hashing' as const),
    weight: fc.constantFrom('count' as const, 'binary' as const, 'tf-idf' as const),
    from: fc.integer({ min: 1, max: 3 }),
    more: fc.integer({ min: 0, max: 2 }),
    maximumSize: fc.integer({ min: 0, max: 20 }),
  })
  .map(({ more, features, maximumSize, ...rest }) => ({
    ...rest,
    features,
    to: rest.from + more,
    ...(features === 'hashing' ? { columns: 50, rememberedNames: 10 } : { maximumSize }),
  }));

/** What can be seen of a vectorizer; undefined where the texts have no n-gram. */
function seen(make: () => ReturnType<typeof bagOfNgramsVectorizer>, texts: readonly string[]) {
  try {
    const vectorizer = make();
    return { saved: JSON.stringify(vectorizer), bags: vectorizer.transform(texts) };
  } catch (error) {
    if ((error as { code?: string }).code === 'DATA_EMPTY') return undefined;
    throw error;
  }
}

describe('for all texts and options', () => {
  test('parts and merged parts give what one pass gives', () => {
    fc.assert(
      fc.property(someOptions, someTexts, fc.nat(), (options, texts, at) => {
        const cut = at % (texts.length + 1);
        const [head, tail] = [texts.slice(0, cut), texts.slice(cut)];
        const whole = seen(() => bagOfNgramsVectorizer(options).fit(texts), texts);
        const parts = seen(() => bagOfNgramsVectorizer(options).partialFit(head).partialFit(tail), texts);
        const merged = seen(() => {
          const other = bagOfNgramsVectorizer(options).partialFit(tail);
          return bagOfNgramsVectorizer(options).partialFit(head).merge(other);
        }, texts);
        expect(parts).toEqual(whole);
        expect(merged).toEqual(whole);
      }),
    );
  });

  test('fitting and transforming at once gives what both give', () => {
    fc.assert(
      fc.property(someOptions, someTexts, (options, texts) => {
        const apart = seen(() => bagOfNgramsVectorizer(options).fit(texts), texts);
        if (!apart) return;
        const vectorizer = bagOfNgramsVectorizer(options);
        expect(vectorizer.fitTransform(texts)).toEqual(apart.bags);
        expect(JSON.stringify(vectorizer)).toBe(apart.saved);
      }),
    );
  });

  test('what is saved comes back', () => {
    fc.assert(
      fc.property(someOptions, someTexts, (options, texts) => {
        const before = seen(() => bagOfNgramsVectorizer(options).fit(texts), texts);
        if (!before) return;
        const restored = restoreBagOfNgrams(JSON.parse(before.saved));
        expect(JSON.stringify(restored)).toBe(before.saved);
        expect(restored.transform(texts)).toEqual(before.bags);
      }),
    );
  });

  test('rows hold every n-gram of a text as often as it stands there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom('a', 'b', 'c d', ''), { maxLength: 8 }), { minLength: 1 }),
        (documents) => {
          const counts = documents.map((tokens) => {
            const expected = new Map<string, number>();
            for (let size = 1; size <= 3; size++)
              for (let at = 0; at + size <= tokens.length; at++) {
                const key = JSON.stringify(tokens.slice(at, at + size));
                expected.set(key, (expected.get(key) ?? 0) + 1);
              }
            return expected;
          });
          const fitter = bagOfNgrams.fit({ ...bagOfNgrams.options.defaults, to: 3 });
          for (const document of documents) fitter.add(document);
          if (counts.every(({ size }) => size === 0)) return;
          const encoder = fitter.build();
          const { words, ngrams } = encoder.toJSON() as { words: string[]; ngrams: number[][] };
          documents.forEach((document, index) => {
            const encoded = encoder.encode(document);
            if (encoded.kind !== 'bag') throw new Error('a bag is expected');
            const found = Array.from(encoded.columns, (column, at): [string, number] => [
              JSON.stringify(ngrams[column]?.map((word) => words[word])),
              encoded.values[at] as number,
            ]);
            expect(new Map(found)).toEqual(counts[index]);
            expect(encoded.unknown).toBe(0);
          });
        },
      ),
    );
  });
});

describe('documents that come one after the other', () => {
  async function* later(...texts: string[]) {
    yield* texts;
  }

  test('are counted as they come', async () => {
    const texts = ['one two', 'two three', 'three'];
    const vectorizer = await bagOfNgramsVectorizer({ weight: 'tf-idf' }).fit(later(...texts));
    const expected = bagOfNgramsVectorizer({ weight: 'tf-idf' }).fitTransform(texts);
    expect(await vectorizer.transform(later(...texts))).toEqual(expected);
    expect(await bagOfNgramsVectorizer({ weight: 'tf-idf' }).fitTransform(later(...texts))).toEqual(expected);
  });

  test('an iterator that has been read says that it is empty', () => {
    const once = ['a text'].values();
    bagOfNgramsVectorizer().fit(once);
    expect(() => bagOfNgramsVectorizer().fit(once)).toThrow(
      'There is no document to count n-grams of. Give at least one. An iterator that can be read once may have been read already.',
    );
  });
});

test('a fitter goes on where a model was built, and the model stays as it was', () => {
  const vectorizer = bagOfNgramsVectorizer().fit(['a b']);
  expect(vectorizer.featureNames).toEqual(['a', 'b']);
  expect(vectorizer.partialFit(['c']).featureNames).toEqual(['a', 'b', 'c']);
  expect(vectorizer.fit(['z']).featureNames).toEqual(['z']);
});

test('tokens stand for a text that is split already', () => {
  const tokens = [['the cat', 'sat'], ['the cat']];
  const vectorizer = bagOfNgramsVectorizer({ to: 2 }).fit(tokens);
  expect(vectorizer.featureNames).toEqual(['sat', 'the cat', 'the cat sat']);
});

test('runs of more units than are kept at once lose no n-gram', () => {
  const units = Array.from({ length: 100_000 }, (_, index) => `w${index % 7}`);
  for (const features of ['vocabulary', 'hashing'] as const) {
    const options = { from: 2, to: 4, features } as const;
    const { coverage, values } = bagOfNgramsVectorizer(options).fitTransform([units.join(' ')]);
    expect(coverage.occurrences).toBe(99_999 + 99_998 + 99_997);
    expect(values).toHaveLength(21);
    expect(values.reduce((sum, value) => sum + Math.abs(value), 0)).toBe(coverage.occurrences);
  }
});

test('the report adds up to what the corpus had', () => {
  const texts = ['a a b', 'a c', 'a b d d d', ''];
  const vectorizer = bagOfNgramsVectorizer({ minimumDocuments: 2, maximumShare: 0.5 }).fit(texts);
  expect(vectorizer.featureNames).toEqual(['b']);
  expect(vectorizer.report()).toEqual({
    documents: 4,
    emptyDocuments: 1,
    ngrams: 1,
    occurrences: 2,
    ngramsBelowMinimum: 2,
    occurrencesBelowMinimum: 4,
    ngramsAboveMaximum: 1,
    occurrencesAboveMaximum: 4,
    ngramsBeyondSize: 0,
    occurrencesBeyondSize: 0,
    unknownRate: 0.8,
  });
  expect(vectorizer.transform(texts).coverage).toEqual({
    occurrences: 10,
    unknown: 8,
    unknownRate: 0.8,
    emptyDocuments: 2,
  });
});

test('the commonest n-grams are kept, ties by code point', () => {
  const names = bagOfNgramsVectorizer({ maximumSize: 3 }).fit(['é a z z b 𝒳 ﬁ']).featureNames;
  expect(names).toEqual(['a', 'b', 'z']);
  expect(bagOfNgramsVectorizer().fit(['ﬁ 𝒳 é z']).featureNames).toEqual(['z', 'é', 'ﬁ', '𝒳']);
});

describe('hashed columns', () => {
  test('are named by the n-grams that were met, so many of them', () => {
    const vectorizer = bagOfNgramsVectorizer({ features: 'hashing', columns: 1, rememberedNames: 2 });
    const bags = vectorizer.fitTransform(['one two three', 'two four']);
    expect(vectorizer.namesOf(0)).toEqual(['one', 'two']);
    expect(vectorizer.inverseTransform(bags)[0]).toEqual(['one', 'two']);
  });

  test('need no fitting, but for tf-idf', () => {
    const hashed = bagOfNgramsVectorizer({ features: 'hashing', columns: 8, rememberedNames: 9 });
    const before = hashed.transform(['a b']);
    expect(hashed.partialFit(['a b']).transform(['a b'])).toEqual(before);
    expect(new Set(hashed.inverseTransform(before)[0])).toEqual(new Set(['a', 'b']));
    expect(before.shape).toEqual([1, 8]);
    expect(() => bagOfNgramsVectorizer({ features: 'hashing', weight: 'tf-idf' }).transform(['a'])).toThrow(
      expect.objectContaining({ code: 'NOT_FITTED' }),
    );
  });
});
