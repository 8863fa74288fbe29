// What every model of subwords does: it cuts a word into tokens.

/** Tokens of a word, three numbers each: the token's number, its first UTF-16 unit in the word, one past its last. */
export type WordTokens = readonly number[];

/** Cuts words into tokens. */
export interface SubwordModel {
  /** The tokens of a word. */
  readonly cut: (word: string) => WordTokens;
  /** A token's text is the word's own text there, since the number says only that it is not known. */
  readonly unknown?: number;
}
