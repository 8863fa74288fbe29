// n-grams of words and characters: which, in what order, with what spans.

import { ngramsTokenizer } from '@unrolled/tokenizer-ngrams';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

type Options = Parameters<typeof ngramsTokenizer>[0];
const texts = (text: string, options?: Options) =>
  ngramsTokenizer(options)
    .tokenize(text)
    .map((token) => token.text);

const sentence = 'The cat sat on the mat.';

describe('the example of Chollet, Deep Learning with Python, section 6.1', () => {
  const asWritten = { lowercase: false, unique: true, order: 'position' } as const;

  test('up to two words: a set of 11', () => {
    expect(texts(sentence, { ...asWritten, to: 2 })).toEqual([
      'The',
      'The cat',
      'cat',
      'cat sat',
      'sat',
      'sat on',
      'on',
      'on the',
      'the',
      'the mat',
      'mat',
    ]);
  });

  test('up to three words: a set of 15', () => {
    const found = texts(sentence, { ...asWritten, to: 3 });
    expect(found).toHaveLength(15);
    expect(found).toEqual(expect.arrayContaining(['The cat sat', 'cat sat on', 'sat on the', 'on the mat']));
  });

  test('lower-cased, "the" is there once in a set and twice in a sequence', () => {
    expect(texts(sentence, { unique: true })).toHaveLength(10);
    expect(texts(sentence)).toHaveLength(11);
  });
});

describe('order', () => {
  test('by number of words, then position, as scikit-learn', () => {
    expect(texts('a b c d', { to: 3 })).toEqual(['a', 'b', 'c', 'd', 'a b', 'b c', 'c d', 'a b c', 'b c d']);
  });

  test('by position, shorter first', () => {
    expect(texts('a b c', { to: 3, order: 'position' })).toEqual(['a', 'a b', 'a b c', 'b', 'b c', 'c']);
  });

  test('only the sizes asked for, none where the text is shorter', () => {
    expect(texts('a b c', { from: 2, to: 2 })).toEqual(['a b', 'b c']);
    expect(texts('a b', { from: 3, to: 5 })).toEqual([]);
    expect(texts('', { to: 5 })).toEqual([]);
  });
});

describe('skip-grams', () => {
  const insurgents = 'Insurgents killed in ongoing fighting';
  const skipped = (skip: number, size: number) => texts(insurgents, { from: size, to: size, skip, lowercase: false });

  test('the example of Guthrie et al. 2006, A closer look at skip-gram modelling, section 2', () => {
    const twoSkipBigrams = [
      'Insurgents killed',
      'Insurgents in',
      'Insurgents ongoing',
      'killed in',
      'killed ongoing',
      'killed fighting',
      'in ongoing',
      'in fighting',
      'ongoing fighting',
    ];
    expect(skipped(2, 2)).toEqual(twoSkipBigrams);
    expect(skipped(2, 3)).toEqual([
      'Insurgents killed in',
      'Insurgents killed ongoing',
      'Insurgents killed fighting',
      'Insurgents in ongoing',
      'Insurgents in fighting',
      'Insurgents ongoing fighting',
      'killed in ongoing',
      'killed in fighting',
      'killed ongoing fighting',
      'in ongoing fighting',
    ]);
  });

  test('span what they leave out', () => {
    expect(ngramsTokenizer({ from: 2, skip: 1 }).tokenize('not very good')).toEqual([
      { text: 'not very', start: 0, end: 8 },
      { text: 'not good', start: 0, end: 13 },
      { text: 'very good', start: 4, end: 13 },
    ]);
  });

  test('of characters too, and of one unit there is nothing to skip', () => {
    expect(texts('abc', { unit: 'characters', skip: 1 })).toEqual(['a', 'b', 'c', 'ab', 'ac', 'bc']);
  });
});

describe('stop words', () => {
  const text = 'The cat is not on the mat';
  const stopWords = ['the', 'is', 'not', 'on'];

  test('no n-gram joins words over one that left, unless asked', () => {
    expect(texts(text, { stopWords })).toEqual(['cat', 'mat']);
    expect(texts(text, { stopWords, overStopWords: true })).toEqual(['cat', 'mat', 'cat mat']);
    expect(texts(text, { stopWords, order: 'position', overStopWords: true })).toEqual(['cat', 'cat mat', 'mat']);
  });

  test('skip-grams do not leave them out either', () => {
    expect(texts('good the bad ugly end', { stopWords, from: 2, skip: 1 })).toEqual([
      'bad ugly',
      'bad end',
      'ugly end',
    ]);
  });

  test('accents and the other options of words hold', () => {
    expect(texts('São João à-toa', { accents: 'fold', stopWords: ['são'], splitHyphens: true })).toEqual([
      'joao',
      'a',
      'toa',
      'joao a',
      'a toa',
    ]);
  });
});

describe('units', () => {
  test('words keep inner hyphens and apostrophes, and no phantom neighbours arise', () => {
    expect(texts("d'água guarda-chuva", { from: 2 })).toEqual(["d'água guarda-chuva"]);
    expect(texts('The cat is not on the mat')).not.toContain('cat mat');
  });

  test('characters, white space too', () => {
    expect(texts('a bc', { unit: 'characters', from: 3, to: 3 })).toEqual(['a b', ' bc']);
    expect(texts('A👍', { unit: 'characters' })).toEqual(['a', '👍', 'a👍']);
  });

  test('characters inside words, with a space at each end, as the analyzer char_wb of scikit-learn', () => {
    const inside = { unit: 'word-characters', from: 3, to: 3 } as const;
    expect(texts('a bc', inside)).toEqual([' a ', ' bc', 'bc ']);
    expect(ngramsTokenizer(inside).tokenize('a  bc')).toEqual([
      { text: ' a ', start: 0, end: 1 },
      { text: ' bc', start: 3, end: 5 },
      { text: 'bc ', start: 3, end: 5 },
    ]);
    expect(texts('A-b', { ...inside, to: 5 })).toEqual([' a-', 'a-b', '-b ', ' a-b', 'a-b ', ' a-b ']);
  });

  test('a word too short for its n-grams is one with its spaces; a space alone is none', () => {
    expect(texts('a bcd', { unit: 'word-characters', from: 4, to: 5 })).toEqual([' a ', ' bcd', 'bcd ', ' bcd ']);
    expect(texts('a b', { unit: 'word-characters', to: 1 })).toEqual(['a', 'b']);
  });

  test.each([
    ['characters', { stopWords: ['a'] }],
    ['characters', { accents: 'fold' }],
    ['word-characters', { overStopWords: true }],
    ['word-characters', { splitHyphens: true }],
  ] as const)('%s have none of the options of words: %j', (unit, option) => {
    const [name] = Object.keys(option);
    expect(() => ngramsTokenizer({ unit, ...option })).toThrow(
      `tokenizer "ngrams": option "${name}" is for words, but the unit is ${unit}. Leave "${name}" out, or count words.`,
    );
  });
});

describe('spans', () => {
  test('from the first word to the last, punctuation between them included', () => {
    expect(ngramsTokenizer({ from: 2 }).tokenize('Yes, e\u0301 so!')).toEqual([
      { text: 'yes é', start: 0, end: 7 },
      { text: 'é so', start: 5, end: 10 },
    ]);
  });

  test('of a set: the first place', () => {
    expect(ngramsTokenizer({ to: 1, unique: true }).tokenize('b a b')).toEqual([
      { text: 'b', start: 0, end: 1 },
      { text: 'a', start: 2, end: 3 },
    ]);
  });
});

test('for every text: both orders hold the same n-grams, as many as they should be', () => {
  const bounds = fc.record({ from: fc.integer({ min: 1, max: 4 }), more: fc.integer({ min: 0, max: 3 }) });
  const unit = fc.constantFrom('words' as const, 'characters' as const);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), bounds, unit, (text, { from, more }, kind) => {
      const options = { unit: kind, from, to: from + more };
      const ordered = ngramsTokenizer({ ...options, order: 'size' }).tokenize(text);
      const key = ({ start, end }: { start: number; end: number }) => `${start}-${end}`;
      const other = ngramsTokenizer({ ...options, order: 'position' }).tokenize(text);
      expect(other.map(key).sort()).toEqual(ordered.map(key).sort());
      const units = texts(text, { unit: kind, from: 1, to: 1 }).length;
      let expected = 0;
      for (let size = from; size <= from + more; size++) expected += Math.max(0, units - size + 1);
      expect(ordered).toHaveLength(expected);
    }),
  );
});

test('a single line of a million characters', () => {
  expect(ngramsTokenizer().tokenize('a'.repeat(1e6))).toHaveLength(1);
  expect(ngramsTokenizer().tokenize('ab '.repeat(3e5))).toHaveLength(6e5 - 1);
  for (const unit of ['characters', 'word-characters'] as const)
    expect(ngramsTokenizer({ unit, from: 3, to: 3 }).tokenize('ab '.repeat(3e5)).at(-1)?.end).toBeGreaterThan(9e5 - 2);
});

test('bounds that cross are an error with a way out', () => {
  expect(() => ngramsTokenizer({ from: 3 })).toThrow(
    'option "to" must be at least option "from", but from is 3 and to is 2.',
  );
  expect(() => ngramsTokenizer({ from: 0 })).toThrow('must be a whole number of at least 1, but 0 was given');
});
