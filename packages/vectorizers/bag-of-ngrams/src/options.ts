// What the bag of n-grams can be told: its options, their defaults, and which of them don't go together.
import {
  choice,
  data,
  defineOptions,
  describe,
  flag,
  integer,
  number,
  type OptionFields,
  UnrolledError,
} from '@unrolled/core';

/** Options of a bag, whatever its units are: what the plug-in takes. */
export interface BagOptions {
  /** Least number of units in an n-gram. */
  readonly from: number;
  /** Greatest number of units in an n-gram. */
  readonly to: number;
  /** Units that are in no n-gram. n-grams don't reach over them, except in the profile `scikit-learn`. */
  readonly stopWords: readonly string[];
  /** How often an n-gram stands in the document, whether it does, or that count times its inverse document frequency. */
  readonly weight: 'count' | 'binary' | 'tf-idf';
  /** Takes 1 + ln count in place of the count. */
  readonly sublinear: boolean;
  /** Inverse document frequency as ln((1 + n) ÷ (1 + df)) + 1, as if one more document held everything; else ln(n ÷ df) + 1. */
  readonly smooth: boolean;
  /** Divides a row by the sum of its absolute values (`l1`) or its length (`l2`). `auto`: `l2` for tf-idf, else none. */
  readonly norm: 'auto' | 'none' | 'l1' | 'l2';
  /** A column for each n-gram of the corpus, or for each value of a hash. */
  readonly features: 'vocabulary' | 'hashing';
  /** n-grams in fewer documents are left out. */
  readonly minimumDocuments: number;
  /** n-grams in a smaller share of the documents are left out. */
  readonly minimumShare: number;
  /** n-grams in more documents are left out; 0 for no limit. */
  readonly maximumDocuments: number;
  /** n-grams in a greater share of the documents are left out. */
  readonly maximumShare: number;
  /** Largest number of n-grams kept, the commonest first, ties by code point; 0 for no limit. */
  readonly maximumSize: number;
  /** Columns of a hashed bag. */
  readonly columns: number;
  /** Subtracts half of the n-grams in place of adding them, by a bit of their hash, so that collisions cancel on average. */
  readonly alternateSigns: boolean;
  /** How many different n-grams of the corpus a hashed bag remembers, so that columns can be named; 0 for none. */
  readonly rememberedNames: number;
}

/** Options of the vectorizer that reads texts. */
export interface BagVectorizerOptions extends BagOptions {
  /**
   * `scikit-learn` gives what `CountVectorizer`, `TfidfVectorizer` and `HashingVectorizer` give: words of two letters and more by
   * their pattern, no Unicode normalisation, and n-grams that reach over the stop words that were taken out.
   */
  readonly profile: 'unrolled' | 'scikit-learn';
  /** Words, characters (code points), or the characters of each word with a space before and after it. */
  readonly unit: 'words' | 'characters' | 'word-characters';
  /** Lower-case texts. */
  readonly lowercase: boolean;
}

const most = 2 ** 31 - 1;
/** Units of the longest n-gram. */
const longest = 1000;
/** Document frequencies of hashed columns are held in one array. */
const mostWithFrequencies = 2 ** 24;

const bagFields: OptionFields<BagOptions> = {
  from: /* @__PURE__ */ integer(1, 'Least number of units in an n-gram.', { minimum: 1, maximum: longest }),
  to: /* @__PURE__ */ integer(1, 'Greatest number of units in an n-gram; at least `from`.', {
    minimum: 1,
    maximum: longest,
  }),
  stopWords: /* @__PURE__ */ data<readonly string[]>([], 'Units that are in no n-gram.', (value) =>
    Array.isArray(value) && value.every((word) => typeof word === 'string')
      ? undefined
      : `must be a list of texts, but ${describe(value)} was given`,
  ),
  weight: /* @__PURE__ */ choice('count', ['count', 'binary', 'tf-idf'], 'What stands in a column.'),
  sublinear: /* @__PURE__ */ flag(false, 'Take 1 + ln count in place of the count.'),
  smooth: /* @__PURE__ */ flag(true, 'Count one more document that holds everything in inverse document frequencies.'),
  norm: /* @__PURE__ */ choice('auto', ['auto', 'none', 'l1', 'l2'], 'Norm of a row; auto: l2 for tf-idf, else none.'),
  features: /* @__PURE__ */ choice(
    'vocabulary',
    ['vocabulary', 'hashing'],
    'A column for each n-gram, or for each hash.',
  ),
  minimumDocuments: /* @__PURE__ */ integer(1, 'n-grams in fewer documents are left out.', { minimum: 1 }),
  minimumShare: /* @__PURE__ */ number(0, 'n-grams in a smaller share of the documents are left out.', {
    minimum: 0,
    maximum: 1,
  }),
  maximumDocuments: /* @__PURE__ */ integer(0, 'n-grams in more documents are left out; 0 for no limit.', {
    minimum: 0,
  }),
  maximumShare: /* @__PURE__ */ number(1, 'n-grams in a greater share of the documents are left out.', {
    minimum: 0,
    maximum: 1,
  }),
  maximumSize: /* @__PURE__ */ integer(0, 'Largest number of n-grams kept, the commonest first; 0 for no limit.', {
    minimum: 0,
  }),
  columns: /* @__PURE__ */ integer(2 ** 20, 'Columns of a hashed bag.', { minimum: 1, maximum: most }),
  alternateSigns: /* @__PURE__ */ flag(true, 'Subtract half of the hashed n-grams, so that collisions cancel.'),
  rememberedNames: /* @__PURE__ */ integer(0, 'How many different n-grams a hashed bag remembers by name.', {
    minimum: 0,
  }),
};

/** The options of the plug-in. */
export const bagOptions = /* @__PURE__ */ defineOptions<BagOptions>(bagFields);

/** The options of the vectorizer that reads texts. */
export const bagVectorizerOptions = /* @__PURE__ */ defineOptions<BagVectorizerOptions>({
  profile: /* @__PURE__ */ choice(
    'unrolled',
    ['unrolled', 'scikit-learn'],
    'How texts are split; as scikit-learn or not.',
  ),
  unit: /* @__PURE__ */ choice('words', ['words', 'characters', 'word-characters'], 'What n-grams are made of.'),
  lowercase: /* @__PURE__ */ flag(true, 'Lower-case texts.'),
  ...bagFields,
});

/** Refuses options that contradict each other. @param owner - for the message. @throws UnrolledError `OPTION_INVALID` */
export function checkOptions(options: BagOptions & Partial<BagVectorizerOptions>, owner: string): void {
  const refuse = (problem: string, mend: string): never => {
    throw new UnrolledError('OPTION_INVALID', `${owner}: ${problem}.`, { mend });
  };
  const { from, to, features, weight, columns, unit = 'words' } = options;
  if (from > to)
    refuse(
      `option "to" must be at least option "from", but from is ${from} and to is ${to}`,
      `Give "to" as ${from} or more.`,
    );
  if (unit !== 'words' && options.stopWords.length > 0)
    refuse(`option "stopWords" is for words, but the unit is ${unit}`, 'Leave out "stopWords", or count words.');
  const { minimumDocuments, maximumDocuments, minimumShare, maximumShare, maximumSize } = options;
  if (maximumDocuments > 0 && maximumDocuments < minimumDocuments)
    refuse(
      `no n-gram is in at least ${minimumDocuments} and at most ${maximumDocuments} documents`,
      'Raise "maximumDocuments" or lower "minimumDocuments".',
    );
  if (maximumShare < minimumShare)
    refuse(
      `no n-gram is in a share of at least ${minimumShare} and at most ${maximumShare} of the documents`,
      'Raise "maximumShare" or lower "minimumShare".',
    );
  if (features === 'vocabulary') {
    if (options.rememberedNames > 0)
      refuse('option "rememberedNames" is for hashed columns; a vocabulary has all names', 'Leave it out.');
    return;
  }
  if (minimumDocuments > 1 || maximumDocuments > 0 || minimumShare > 0 || maximumShare < 1 || maximumSize > 0)
    refuse(
      'hashing keeps no vocabulary, so there is nothing that a minimum, a maximum or a size could leave out',
      'Leave these out, or take the features "vocabulary".',
    );
  if (weight === 'tf-idf' && columns > mostWithFrequencies)
    refuse(
      `tf-idf with hashing takes at most ${mostWithFrequencies} columns, but columns is ${columns}`,
      'Take fewer columns.',
    );
}
