// Options of the tokenizer of n-grams, and which of them go together.
import {
  choice,
  defineOptions,
  flag,
  integer,
  type OptionsSchema,
  UnrolledError,
  type WordOptions,
  wordFields,
} from '@unrolled/core';

/** Options of the tokenizer of n-grams: those of the tokenizer `words`, and which n-grams to make of the words. */
export interface NgramsOptions extends WordOptions {
  /**
   * What is counted: words; characters (code points, white space too); or the characters of each word between white space, with
   * a space at each end of the word.
   */
  readonly unit: 'words' | 'characters' | 'word-characters';
  /** Least number of units in an n-gram. */
  readonly from: number;
  /** Greatest number of units in an n-gram. */
  readonly to: number;
  /** Most units that an n-gram may leave out between its first and its last: 0 for neighbours alone. */
  readonly skip: number;
  /** Whether the words on both sides of a stop word count as neighbours. */
  readonly overStopWords: boolean;
  /** `size`: by number of units, then by position, as scikit-learn does; `position`: by where they begin, shorter first. */
  readonly order: 'size' | 'position';
  /** Gives each n-gram once, at its first place. */
  readonly unique: boolean;
}

/** The options with their defaults. */
export const ngramsOptions: OptionsSchema<NgramsOptions> = /* @__PURE__ */ defineOptions<NgramsOptions>({
  unit: /* @__PURE__ */ choice(
    'words',
    ['words', 'characters', 'word-characters'],
    'Count words, characters, or characters inside words with a space at each end.',
  ),
  from: /* @__PURE__ */ integer(1, 'Least number of units in an n-gram.', { minimum: 1 }),
  to: /* @__PURE__ */ integer(2, 'Greatest number of units in an n-gram; at least `from`.', { minimum: 1 }),
  skip: /* @__PURE__ */ integer(0, 'Most units that an n-gram may leave out inside: 0 for neighbours alone.', {
    minimum: 0,
  }),
  order: /* @__PURE__ */ choice('size', ['size', 'position'], 'By number of units first, or by position first.'),
  unique: /* @__PURE__ */ flag(false, 'Give each n-gram once, at its first place.'),
  ...wordFields,
  overStopWords: /* @__PURE__ */ flag(
    false,
    'Make n-grams of words with a stop word between them, as scikit-learn does.',
  ),
});

/** What only words have. */
const ofWords = ['accents', 'stopWords', 'overStopWords', 'punctuation', 'splitHyphens', 'splitApostrophes'] as const;

/** @throws UnrolledError `OPTION_INVALID` for bounds that cross, or an option of words where characters are counted */
export function checkOptions(options: NgramsOptions): void {
  const { from, to, unit } = options;
  if (from > to)
    throw new UnrolledError(
      'OPTION_INVALID',
      `tokenizer "ngrams": option "to" must be at least option "from", but from is ${from} and to is ${to}.`,
      { mend: `Give "to" as ${from} or more.` },
    );
  if (unit === 'words') return;
  const changed = ofWords.find((name) => String(options[name]) !== String(ngramsOptions.defaults[name]));
  if (changed)
    throw new UnrolledError(
      'OPTION_INVALID',
      `tokenizer "ngrams": option "${changed}" is for words, but the unit is ${unit}.`,
      { mend: `Leave "${changed}" out, or count words.` },
    );
}
