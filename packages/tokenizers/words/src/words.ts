// The tokenizer of words.
import {
  choice,
  defineOptions,
  defineTokenizer,
  flag,
  parseOptions,
  splitWords,
  type Tokenizer,
  type TokenizerInstance,
  type WordSplitOptions,
} from '@unrolled/core';
import { joinWords } from './join.ts';

/** Options of the tokenizer of words. */
export interface WordsOptions extends WordSplitOptions {}

/**
 * Splits text into words, in Unicode form NFC, with their spans in the original text. A word is a run of letters, digits,
 * marks and `_` (Unicode Technical Standard 18, annex C); one hyphen or apostrophe between two such characters stays inside.
 */
export const words: Tokenizer<'words', WordsOptions> = /* @__PURE__ */ defineTokenizer({
  name: 'words',
  package: '@unrolled/tokenizer-words',
  options: /* @__PURE__ */ defineOptions<WordsOptions>({
    lowercase: /* @__PURE__ */ flag(true, 'Lower-case tokens; spans still point at the original text.'),
    punctuation: /* @__PURE__ */ choice(
      'drop',
      ['drop', 'keep'],
      'Drop punctuation, symbols and emoji, or keep each as a token.',
    ),
    splitHyphens: /* @__PURE__ */ flag(false, 'Split words at hyphens: "guarda-chuva" becomes two tokens.'),
    splitApostrophes: /* @__PURE__ */ flag(false, 'Split words at apostrophes: "d\'água" becomes two tokens.'),
  }),
  create: (options): TokenizerInstance => ({
    tokenize: (text) => splitWords(text, options),
    piecewise: true,
    detokenize: joinWords,
  }),
});

/**
 * The tokenizer of words with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function wordsTokenizer(options: Partial<WordsOptions> = {}): TokenizerInstance {
  return words.create(parseOptions(words.options, options, 'tokenizer "words"'));
}
