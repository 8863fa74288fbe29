// The tokenizer of n-grams: runs of neighbouring words or characters.
import {
  choice,
  defineOptions,
  defineTokenizer,
  flag,
  integer,
  parseOptions,
  splitWords,
  type Token,
  type Tokenizer,
  type TokenizerInstance,
  UnrolledError,
} from '@unrolled/core';

/** Options of the tokenizer of n-grams. */
export interface NgramsOptions {
  /** What is counted: words, or characters (code points). */
  readonly unit: 'words' | 'characters';
  /** Least number of units in an n-gram. */
  readonly from: number;
  /** Greatest number of units in an n-gram. */
  readonly to: number;
  /** `size`: by number of units, then by position, as scikit-learn does; `position`: by where they begin, shorter first. */
  readonly order: 'size' | 'position';
  /** Gives each n-gram once, at its first place. */
  readonly unique: boolean;
  /** Lower-case tokens; spans still point at the original text. */
  readonly lowercase: boolean;
}

/**
 * Overlapping n-grams of `from` to `to` units. Words are those of the tokenizer `words`, joined by a space; characters
 * are code points, white space too. A span goes from the first unit's start to the last unit's end.
 */
export const ngrams: Tokenizer<'ngrams', NgramsOptions> = /* @__PURE__ */ defineTokenizer({
  name: 'ngrams',
  package: '@unrolled/tokenizer-ngrams',
  options: /* @__PURE__ */ defineOptions<NgramsOptions>({
    unit: /* @__PURE__ */ choice('words', ['words', 'characters'], 'Count words or characters.'),
    from: /* @__PURE__ */ integer(1, 'Least number of units in an n-gram.', { minimum: 1 }),
    to: /* @__PURE__ */ integer(2, 'Greatest number of units in an n-gram; at least `from`.', { minimum: 1 }),
    order: /* @__PURE__ */ choice('size', ['size', 'position'], 'By number of units first, or by position first.'),
    unique: /* @__PURE__ */ flag(false, 'Give each n-gram once, at its first place.'),
    lowercase: /* @__PURE__ */ flag(true, 'Lower-case tokens; spans still point at the original text.'),
  }),
  create: (options): TokenizerInstance => {
    checkBounds(options);
    return { tokenize: (text) => ngramsOf(text, options) };
  },
});

/**
 * The tokenizer of n-grams with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function ngramsTokenizer(options: Partial<NgramsOptions> = {}): TokenizerInstance {
  return ngrams.create(parseOptions(ngrams.options, options, 'tokenizer "ngrams"'));
}

function checkBounds({ from, to }: NgramsOptions): void {
  if (from <= to) return;
  throw new UnrolledError(
    'OPTION_INVALID',
    `tokenizer "ngrams": option "to" must be at least option "from", but from is ${from} and to is ${to}.`,
    { mend: `Give "to" as ${from} or more.` },
  );
}

function ngramsOf(text: string, options: NgramsOptions): readonly Token[] {
  const units = options.unit === 'words' ? wordsOf(text, options) : charactersOf(text, options);
  const separator = options.unit === 'words' ? ' ' : '';
  const all = options.order === 'size' ? bySize(units, separator, options) : byPosition(units, separator, options);
  return options.unique ? firstOfEach(all) : all;
}

function wordsOf(text: string, { lowercase }: NgramsOptions): Token[] {
  return splitWords(text, { lowercase, punctuation: 'drop', splitHyphens: false, splitApostrophes: false });
}

function charactersOf(text: string, { lowercase }: NgramsOptions): Token[] {
  let end = 0;
  return Array.from(text, (character) => {
    const start = end;
    end += character.length;
    return { text: lowercase ? character.toLowerCase() : character, start, end };
  });
}

function bySize(units: readonly Token[], separator: string, { from, to }: NgramsOptions): Token[] {
  const found: Token[] = [];
  for (let size = from; size <= Math.min(to, units.length); size++)
    for (let first = 0; first + size <= units.length; first++) found.push(joined(units, first, size, separator));
  return found;
}

function byPosition(units: readonly Token[], separator: string, { from, to }: NgramsOptions): Token[] {
  const found: Token[] = [];
  for (let first = 0; first < units.length; first++)
    for (let size = from; size <= Math.min(to, units.length - first); size++)
      found.push(joined(units, first, size, separator));
  return found;
}

function joined(units: readonly Token[], first: number, size: number, separator: string): Token {
  const { text, start, end } = units[first] as Token;
  if (size === 1) return { text, start, end };
  const last = units[first + size - 1] as Token;
  let all = text;
  for (let unit = first + 1; unit < first + size; unit++) all += separator + (units[unit] as Token).text;
  return { text: all, start, end: last.end };
}

function firstOfEach(tokens: readonly Token[]): Token[] {
  const seen = new Set<string>();
  return tokens.filter(({ text }) => !seen.has(text) && seen.add(text));
}
