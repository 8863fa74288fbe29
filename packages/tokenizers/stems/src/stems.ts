// The tokenizer of stems.
import {
  choice,
  defineOptions,
  defineTokenizer,
  parseOptions,
  type Tokenizer,
  type TokenizerInstance,
  type WordOptions,
  wordFields,
  wordReader,
} from '@unrolled/core';
import { rememberingStemmer } from './stem.ts';
import { type Language, type Stemmer, stemmers } from './stemmers.ts';

/** Options of the tokenizer of stems: those of the tokenizer `words` but for case, which stemmers want lower. */
export interface StemsOptions<L extends string = Language> extends Omit<WordOptions, 'lowercase'> {
  /** The language that the text is in. */
  readonly language: L;
}

/** The tokenizer of stems in every language that this package knows. */
export const stems: Tokenizer<'stems', StemsOptions> = /* @__PURE__ */ stemsWith(stemmers);

/**
 * The tokenizer of stems with stemmers of your own, or with a few of this package's to keep a page small. The first is the
 * language where none is named.
 *
 * @param stemmers - by language; each takes a word in lower case and NFC, and gives the same stem for the same word.
 */
export function stemsWith<L extends string>(
  stemmers: Readonly<Record<L, Stemmer>>,
): Tokenizer<'stems', StemsOptions<L>> {
  const languages = Object.keys(stemmers) as L[];
  const { lowercase: _, ...fields } = wordFields;
  return defineTokenizer({
    name: 'stems',
    package: '@unrolled/tokenizer-stems',
    options: defineOptions<StemsOptions<L>>({
      language: choice<L>(languages[0] as NoInfer<L>, languages, 'The language that the text is in.'),
      ...fields,
    }),
    create: (options): TokenizerInstance => ({
      tokenize: wordReader({ ...options, lowercase: true }, rememberingStemmer(stemmers[options.language])).words,
      piecewise: true,
    }),
  });
}

/**
 * The tokenizer of stems with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function stemsTokenizer(options: Partial<StemsOptions> = {}): TokenizerInstance {
  return stems.create(parseOptions(stems.options, options, 'tokenizer "stems"'));
}
