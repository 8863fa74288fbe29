// Examples whose results are known: scikit-learn's documentation, Chollet's book, values of MurmurHash3.

import { type BagVectorizerOptions, bagOfNgramsVectorizer } from '@unrolled/vectorizer-bag-of-ngrams';
import { describe, expect, test } from 'vitest';
import { murmur3 } from '../src/murmur.ts';
import { dense } from './dense.ts';

const documents = [
  'This is the first document.',
  'This document is the second document.',
  'And this is the third one.',
  'Is this the first document?',
];

function namesOf(text: string, options: Partial<BagVectorizerOptions>): readonly string[] {
  return bagOfNgramsVectorizer(options).fit([text]).featureNames;
}

describe('the corpus of the documentation of scikit-learn', () => {
  test.each(['scikit-learn', 'unrolled'] as const)('counts, in the profile %s', (profile) => {
    const vectorizer = bagOfNgramsVectorizer({ profile });
    expect(dense(vectorizer.fitTransform(documents))).toEqual([
      [0, 1, 1, 1, 0, 0, 1, 0, 1],
      [0, 2, 0, 1, 0, 1, 1, 0, 1],
      [1, 0, 0, 1, 1, 0, 1, 1, 1],
      [0, 1, 1, 1, 0, 0, 1, 0, 1],
    ]);
    expect(vectorizer.featureNames.join(' ')).toBe('and document first is one second the third this');
  });

  test('tf-idf', () => {
    const vectorizer = bagOfNgramsVectorizer({ weight: 'tf-idf' });
    const [row] = dense(vectorizer.fitTransform(documents)) as [number[]];
    const expected = [0, 0.46979139, 0.58028582, 0.38408524, 0, 0, 0.38408524, 0, 0.38408524];
    for (const [column, value] of expected.entries()) expect(row[column]).toBeCloseTo(value, 8);
    const inverse = [1.91629, 1.22314, 1.51083, 1, 1.91629, 1.91629, 1, 1.91629, 1];
    for (const [column, value] of inverse.entries())
      expect(vectorizer.inverseDocumentFrequencies?.[column]).toBeCloseTo(value, 5);
  });
});

describe('n-grams', () => {
  test("of Chollet's sentence, up to two and up to three words", () => {
    const sentence = 'The cat sat on the mat.';
    const two = ['The', 'The cat', 'cat', 'cat sat', 'mat', 'on', 'on the', 'sat', 'sat on', 'the', 'the mat'];
    expect(namesOf(sentence, { to: 2, lowercase: false })).toEqual(two);
    expect(namesOf(sentence, { to: 3, lowercase: false })).toHaveLength(15);
  });

  test('of the characters of words', () => {
    expect(namesOf('a bc', { unit: 'word-characters', from: 3, to: 3 })).toEqual([' a ', ' bc', 'bc ']);
  });

  test('of words shorter than that: the word whole, once', () => {
    const options = { unit: 'word-characters', from: 5, to: 7 } as const;
    expect(namesOf('a bcdef', options)).toEqual([' a ', ' bcde', ' bcdef', ' bcdef ', 'bcdef', 'bcdef ', 'cdef ']);
  });

  test('over stop words: none, but in the profile scikit-learn', () => {
    const text = 'The cat is not on the mat';
    const options = { from: 2, to: 2, stopWords: ['the', 'is', 'not', 'on'] } as const;
    expect(() => namesOf(text, options)).toThrow(expect.objectContaining({ code: 'DATA_EMPTY' }));
    expect(namesOf(text, { ...options, profile: 'scikit-learn' })).toEqual(['cat mat']);
    expect(namesOf(text, { to: 2, stopWords: ['is', 'on'] })).toEqual([
      'cat',
      'mat',
      'not',
      'the',
      'the cat',
      'the mat',
    ]);
  });
});

describe('words', () => {
  const text = 'Não há coração à-toa: o São João é às 10h em Águeda.';

  test("by scikit-learn's pattern", () => {
    const expected = 'não há coração toa são joão às 10h em águeda'.split(' ');
    expect(new Set(namesOf(text, { profile: 'scikit-learn' }))).toEqual(new Set(expected));
  });

  test('of one letter and with hyphens otherwise, whatever the Unicode form', () => {
    const expected = 'não há coração à-toa o são joão é às 10h em águeda'.split(' ');
    expect(new Set(namesOf(text, {}))).toEqual(new Set(expected));
    expect(new Set(namesOf(text.normalize('NFD'), {}))).toEqual(new Set(expected));
  });
});

describe('hashing', () => {
  const hashes = {
    '': 0,
    foo: -156908512,
    the: -1132748958,
    pizza: -707163985,
    não: 1294755373,
    日本: -992347838,
  };

  test.each(Object.entries(hashes))('MurmurHash3 of "%s" is %i', (text, hash) => {
    const bytes = new TextEncoder().encode(`xyz${text}`);
    expect(murmur3(bytes, 3, bytes.length)).toBe(hash);
  });

  test('a column is |h| mod the number of columns, and the sign that of h', () => {
    const { shape, indices, values } = bagOfNgramsVectorizer({ features: 'hashing' }).transform(['pizza não']);
    expect(shape).toEqual([1, 2 ** 20]);
    const expected = [
      [707163985 % 2 ** 20, -1],
      [1294755373 % 2 ** 20, 1],
    ].sort(([a = 0], [b = 0]) => a - b);
    expect(Array.from(indices, (column, at) => [column, values[at]])).toEqual(expected);
  });
});
