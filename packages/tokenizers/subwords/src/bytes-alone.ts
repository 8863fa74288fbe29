// The tokenizer that has learned nothing yet: each byte is a token.
import { sortedAlphabet } from './byte-alphabet.ts';
import { byteLevelJson } from './byte-level-json.ts';

/** Byte-level BPE without merges: 256 tokens, any text. */
export const bytesAlone = /* @__PURE__ */ byteLevelJson(/* @__PURE__ */ sortedAlphabet(), [], []);
