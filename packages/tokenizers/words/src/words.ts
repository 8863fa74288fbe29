// The tokenizer of words.
import {
  defineOptions,
  defineTokenizer,
  parseOptions,
  type Tokenizer,
  type TokenizerInstance,
  type WordOptions,
  wordFields,
  wordReader,
} from '@unrolled/core';
import { joinWords } from './join.ts';

/** Options of the tokenizer of words. */
export interface WordsOptions extends WordOptions {}

/**
 * Splits text into words, in Unicode form NFC, with their spans in the original text. A word is a run of letters, digits,
 * marks and `_` (Unicode Technical Standard 18, annex C); one hyphen or apostrophe between two such characters stays inside.
 */
export const words: Tokenizer<'words', WordsOptions> = /* @__PURE__ */ defineTokenizer({
  name: 'words',
  package: '@unrolled/tokenizer-words',
  options: /* @__PURE__ */ defineOptions<WordsOptions>(wordFields),
  create: (options): TokenizerInstance => ({
    tokenize: wordReader(options).words,
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
