// The tokenizer of subwords.
import { data, defineOptions, defineTokenizer, isUnrolledError, type Tokenizer } from '@unrolled/core';
import { bytesAlone } from './bytes-alone.ts';
import { createSubwordTokenizer, type SubwordsTokenizer } from './subword-tokenizer.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/** Options of the tokenizer of subwords. */
export interface SubwordsOptions {
  /** What a tokenizer.json holds; it is saved with the model. Left out, each byte of the text's UTF-8 is a token. */
  readonly tokenizer: TokenizerJson;
}

/** Tokenizers made so far, by their data: to check an option is to build what it says. */
const made = /* @__PURE__ */ new WeakMap<TokenizerJson, SubwordsTokenizer>();

/**
 * Splits text into subwords as a tokenizer.json says (BPE, WordPiece or Unigram), with their spans in the original text.
 * `trainBytePairEncoding` makes one.
 */
export const subwords: Tokenizer<'subwords', SubwordsOptions> = /* @__PURE__ */ defineTokenizer({
  name: 'subwords',
  package: '@unrolled/tokenizer-subwords',
  options: /* @__PURE__ */ defineOptions<SubwordsOptions>({
    tokenizer: /* @__PURE__ */ data(
      bytesAlone,
      'What a tokenizer.json holds; left out, each byte is a token.',
      problemWith,
    ),
  }),
  create: ({ tokenizer }) => subwordsTokenizer(tokenizer),
});

/**
 * The tokenizer that a tokenizer.json describes, for use without a registry.
 * @param json - what the file holds; it must not change afterwards.
 * @throws UnrolledError `TOKENIZER_INVALID`
 */
export function subwordsTokenizer(json: TokenizerJson): SubwordsTokenizer {
  const known = made.get(json);
  if (known) return known;
  const tokenizer = createSubwordTokenizer(json);
  made.set(json, tokenizer);
  return tokenizer;
}

function problemWith(json: TokenizerJson): string | undefined {
  try {
    subwordsTokenizer(json);
    return undefined;
  } catch (error) {
    if (isUnrolledError(error)) return `can't be used: ${error.message.replace(/\.$/, '')}`;
    throw error;
  }
}
