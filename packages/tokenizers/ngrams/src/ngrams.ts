// The tokenizer of n-grams: runs of neighbouring words or characters.
import { defineTokenizer, parseOptions, type Token, type Tokenizer, type TokenizerInstance } from '@unrolled/core';
import { byPosition, bySize } from './combine.ts';
import { checkOptions, type NgramsOptions, ngramsOptions } from './options.ts';
import { unitReader } from './units.ts';

/**
 * Overlapping n-grams of `from` to `to` units. Words are those of the tokenizer `words`, joined by a space; characters
 * are code points, white space too. A span goes from the first unit's start to the last unit's end. No n-gram joins words
 * over a stop word that left, unless `overStopWords` asks for it.
 */
export const ngrams: Tokenizer<'ngrams', NgramsOptions> = /* @__PURE__ */ defineTokenizer({
  name: 'ngrams',
  package: '@unrolled/tokenizer-ngrams',
  options: ngramsOptions,
  create: (options): TokenizerInstance => {
    checkOptions(options);
    const unitsOf = unitReader(options);
    const arrange = options.order === 'size' ? bySize : byPosition;
    const padded = options.unit === 'word-characters';
    return {
      tokenize: (text) => {
        const all = arrange(unitsOf(text), options);
        // A space that was put beside a word is nothing of the text by itself.
        const found = padded ? all.filter(({ start, end }) => start < end) : all;
        return options.unique ? firstOfEach(found) : found;
      },
    };
  },
});

/**
 * The tokenizer of n-grams with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function ngramsTokenizer(options: Partial<NgramsOptions> = {}): TokenizerInstance {
  return ngrams.create(parseOptions(ngrams.options, options, 'tokenizer "ngrams"'));
}

function firstOfEach(tokens: readonly Token[]): Token[] {
  const seen = new Set<string>();
  return tokens.filter(({ text }) => !seen.has(text) && seen.add(text));
}
