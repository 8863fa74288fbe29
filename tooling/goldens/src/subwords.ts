// What HF tokenizers make of texts, and what they learn from them.

import plays from '../data/subword-shakespeare.json' with { type: 'json' };
import training from '../data/subword-training.json' with { type: 'json' };
import file from '../data/subwords.json' with { type: 'json' };

/** What a tokenizer made of a text, without the tokens that stand for no text. */
export interface SubwordsOfText {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly ids: readonly number[];
  /** First unit of each token and one past its last, in UTF-16 units: two numbers each. */
  readonly spans: readonly number[];
  readonly decoded: string;
}

/** A tokenizer and what it made of texts. */
export interface SubwordCase {
  readonly name: string;
  /** What its tokenizer.json holds. */
  readonly tokenizer: unknown;
  readonly encoded: readonly SubwordsOfText[];
}

/** A corpus and the byte-level BPE that `BpeTrainer` learned from it. */
export interface SubwordTrainingCase {
  readonly name: string;
  readonly corpus: readonly string[];
  readonly settings: {
    readonly vocabularySize: number;
    readonly minimumFrequency: number;
    readonly specialTokens: readonly string[];
  };
  /** What its tokenizer.json holds. */
  readonly tokenizer: unknown;
}

/** Tokenizers of every kind that is read. */
export function subwordCases(): readonly SubwordCase[] {
  return file.cases;
}

/** Small corpora, repeats and random Unicode among them. */
export function subwordTrainingCases(): readonly SubwordTrainingCase[] {
  return training.cases;
}

/** What was learned from Shakespeare's plays as one text, as digests: SHA-256, in hexadecimal. */
export interface SubwordsOfPlays {
  readonly vocabularySize: number;
  /** Characters of the text. */
  readonly characters: number;
  /** Of the merges, `left right` on a line each. */
  readonly merges: string;
  /** Number of tokens of the text. */
  readonly tokens: number;
  /** Of their numbers as little-endian 32-bit integers. */
  readonly ids: string;
}

/** What `BpeTrainer` learned from the plays of @unrolled/dataset-shakespeare. */
export function subwordsOfPlays(): SubwordsOfPlays {
  return plays.cases[0] as SubwordsOfPlays;
}
