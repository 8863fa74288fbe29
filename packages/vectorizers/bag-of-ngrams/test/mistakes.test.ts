// What is refused, by which code, and what the message says.

import {
  type BagVectorizerOptions,
  bagOfNgrams,
  bagOfNgramsVectorizer,
  restoreBagOfNgrams,
} from '@unrolled/vectorizer-bag-of-ngrams';
import { describe, expect, test } from 'vitest';

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const fitted = (options: Partial<BagVectorizerOptions> = {}) => bagOfNgramsVectorizer(options).fit(['a b', 'b c']);

describe('options that contradict each other', () => {
  test.each<readonly [string, Partial<BagVectorizerOptions>]>([
    ['option "to" must be at least option "from", but from is 3 and to is 2', { from: 3, to: 2 }],
    ['no n-gram is in at least 3 and at most 2 documents', { minimumDocuments: 3, maximumDocuments: 2 }],
    [
      'no n-gram is in a share of at least 0.5 and at most 0.2 of the documents',
      { minimumShare: 0.5, maximumShare: 0.2 },
    ],
    ['must be a whole number from 1 to 2147483647, but 0 was given', { features: 'hashing', columns: 0 }],
    ['hashing keeps no vocabulary', { features: 'hashing', minimumDocuments: 2 }],
    ['tf-idf with hashing takes at most 16777216 columns', { features: 'hashing', weight: 'tf-idf', columns: 2 ** 25 }],
    ['"stopWords" is for words, but the unit is characters', { unit: 'characters', stopWords: ['a'] }],
    ['"rememberedNames" is for hashed columns', { rememberedNames: 1 }],
    ['must be a list of texts', { stopWords: 'the' as unknown as string[] }],
  ])('%s', (message, options) => {
    expect(() => bagOfNgramsVectorizer(options)).toThrow(code('OPTION_INVALID'));
    expect(() => bagOfNgramsVectorizer(options)).toThrow(message);
  });

  test('in the plug-in too', () => {
    expect(() => bagOfNgrams.fit({ ...bagOfNgrams.options.defaults, from: 2 })).toThrow(code('OPTION_INVALID'));
  });
});

describe('documents', () => {
  test('none, or none with an n-gram', () => {
    expect(() => bagOfNgramsVectorizer().fit([])).toThrow(code('DATA_EMPTY'));
    expect(() => bagOfNgramsVectorizer().fit(['', '...'])).toThrow(
      'None of 2 documents has an n-gram of 1 units or more.',
    );
    expect(() => bagOfNgramsVectorizer({ from: 3, to: 3 }).fitTransform(['a b'])).toThrow(code('DATA_EMPTY'));
  });

  test('everything pruned', () => {
    const strict = bagOfNgramsVectorizer({ minimumDocuments: 3 });
    expect(() => strict.fit(['a b', 'b c'])).toThrow(code('VOCABULARY_EMPTY'));
    expect(() => strict.fit(['a b', 'b c'])).toThrow(
      'None of 3 n-grams is in at least 3 and at most 2 of 2 documents.',
    );
  });

  test('that are none', () => {
    expect(() => bagOfNgramsVectorizer().fit('a text')).toThrow(code('DATA_INVALID'));
    expect(() => bagOfNgramsVectorizer().fit('a text')).toThrow('A single text goes into a list: [text].');
    expect(() => bagOfNgramsVectorizer().fit(null as unknown as string[])).toThrow(code('DATA_INVALID'));
    expect(() => bagOfNgramsVectorizer().fit([undefined as unknown as string])).toThrow(code('DOCUMENT_INVALID'));
    expect(() => bagOfNgramsVectorizer().fit([[1] as unknown as string])).toThrow(code('DOCUMENT_INVALID'));
    expect(() => bagOfNgramsVectorizer({ unit: 'characters' }).fit([['a']])).toThrow('has no characters');
  });

  test('a failed fit leaves what was fitted before', () => {
    const vectorizer = fitted();
    expect(() => vectorizer.fit([])).toThrow(code('DATA_EMPTY'));
    expect(vectorizer.featureNames).toEqual(['a', 'b', 'c']);
  });
});

test('before it is fitted', () => {
  const vectorizer = bagOfNgramsVectorizer();
  const uses = [
    () => vectorizer.transform(['a']),
    () => vectorizer.featureNames,
    () => vectorizer.columns,
    () => vectorizer.report(),
    () => vectorizer.toJSON(),
  ];
  for (const use of uses) expect(use).toThrow(code('NOT_FITTED'));
});

test('columns, matrices and names that it does not have', () => {
  expect(() => fitted().namesOf(3)).toThrow('There is no column 3: they are 0 to 2.');
  const other = bagOfNgramsVectorizer().fitTransform(['a']);
  expect(() => fitted().inverseTransform(other)).toThrow(code('MATRIX_MISMATCH'));
  const hashed = bagOfNgramsVectorizer({ features: 'hashing', columns: 4 });
  expect(() => hashed.featureNames).toThrow(code('NAMES_UNKNOWN'));
  expect(() => hashed.inverseTransform(hashed.transform(['a']))).toThrow(code('NAMES_UNKNOWN'));
});

test('merging what does not go together, and counting on after restoring', () => {
  expect(() => fitted().merge(fitted({ to: 2 }))).toThrow(code('FITTER_MISMATCH'));
  const restored = restoreBagOfNgrams(JSON.parse(JSON.stringify(fitted())));
  expect(() => restored.partialFit(['a'])).toThrow(code('NOT_RESUMABLE'));
  expect(() => fitted().merge(restored)).toThrow(code('NOT_RESUMABLE'));
  const fitter = bagOfNgrams.fit(bagOfNgrams.options.defaults);
  expect(() => fitter.merge?.({ add: () => {}, build: () => fitter.build() })).toThrow(code('FITTER_MISMATCH'));
});

describe('damaged models', () => {
  const saved = () => JSON.parse(JSON.stringify(fitted({ to: 2 })));
  const hashed = () =>
    JSON.parse(JSON.stringify(fitted({ features: 'hashing', columns: 4, weight: 'tf-idf', rememberedNames: 2 })));

  test.each<readonly [string, () => unknown]>([
    ['null', () => null],
    ['no model', () => ({ options: saved().options })],
    ['wrong options', () => ({ ...saved(), options: { to: -1 } })],
    ['other features', () => ({ ...saved(), options: { features: 'hashing' } })],
    ['a word twice', () => changed(saved(), { words: ['a', 'a', 'c'] })],
    ['a word that is not there', () => changed(saved(), { words: ['a', 'b'] })],
    ['an n-gram without words', () => changed(saved(), { ngrams: [[], [0, 1], [1], [1, 2], [2]] })],
    ['an n-gram twice', () => changed(saved(), { ngrams: [[0], [0], [1], [1, 2], [2]] })],
    ['too few frequencies', () => changed(saved(), { frequencies: [1] })],
    ['a report of texts', () => changed(saved(), { report: { documents: 'two' } })],
    ['no documents', () => changed(saved(), { documents: -1 })],
    ['a column that is not there', () => changed(hashed(), { frequencies: [[4, 1]] })],
    ['names that are none', () => changed(hashed(), { names: [[0, [1]]] })],
    ['no pairs', () => changed(hashed(), { names: [0] })],
  ])('%s', (_, make) => {
    expect(() => restoreBagOfNgrams(make())).toThrow(code('MODEL_CORRUPT'));
  });

  function changed(data: { readonly model: object }, change: object): unknown {
    return { ...data, model: { ...data.model, ...change } };
  }
});
