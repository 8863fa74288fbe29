// The tokenizer of characters.
import {
  choice,
  defineOptions,
  defineTokenizer,
  flag,
  parseOptions,
  type Token,
  type Tokenizer,
  type TokenizerInstance,
} from '@unrolled/core';
import { splitGraphemes } from 'unicode-segmenter/grapheme';

/** Options of the tokenizer of characters. */
export interface CharactersOptions {
  /** A Unicode code point, or a grapheme cluster: what a reader sees as one character (Unicode Standard Annex 29). */
  readonly unit: 'code-point' | 'grapheme';
  /** Lower-case tokens; spans still point at the original text. */
  readonly lowercase: boolean;
}

/**
 * Splits text into characters, each a token: white space, punctuation and control characters too. Nothing is normalised,
 * so that joining the tokens gives back the text exactly (its lower-cased form where `lowercase` is set).
 */
export const characters: Tokenizer<'characters', CharactersOptions> = /* @__PURE__ */ defineTokenizer({
  name: 'characters',
  package: '@unrolled/tokenizer-characters',
  options: /* @__PURE__ */ defineOptions<CharactersOptions>({
    unit: /* @__PURE__ */ choice(
      'code-point',
      ['code-point', 'grapheme'],
      'Unicode code points, or grapheme clusters (an emoji or a letter with its marks is one).',
    ),
    lowercase: /* @__PURE__ */ flag(false, 'Lower-case tokens; spans still point at the original text.'),
  }),
  create: ({ unit, lowercase }): TokenizerInstance => ({
    tokenize: (text) => {
      const tokens: Token[] = [];
      let start = 0;
      // A string's own iterator goes by code points and gives a lone surrogate as it is.
      for (const character of unit === 'grapheme' ? splitGraphemes(text) : text) {
        const end = start + character.length;
        tokens.push({ text: lowercase ? character.toLowerCase() : character, start, end });
        start = end;
      }
      return tokens;
    },
    // A prepended mark and the space after it are one grapheme cluster, which a cut before the space would part.
    piecewise: unit === 'code-point',
    detokenize: (tokens) => tokens.join(''),
  }),
});

/**
 * The tokenizer of characters with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function charactersTokenizer(options: Partial<CharactersOptions> = {}): TokenizerInstance {
  return characters.create(parseOptions(characters.options, options, 'tokenizer "characters"'));
}
