// How a file of vectors is read, and what comes of it.
import type { KeyedVectors } from '../keyed-vectors.ts';

/**
 * Formats of files. `word2vec-text` has a first line with the numbers of words and values, as fastText's .vec has, too;
 * `glove` has none. `fasttext` is fastText's .bin.
 */
export type VectorFormat = 'word2vec-text' | 'word2vec-binary' | 'glove' | 'fasttext' | 'safetensors';

/** How far a reading has come. */
export interface ReadProgress {
  /** Bytes read, uncompressed. */
  readonly bytes: number;
  /** Words read. */
  readonly words: number;
}

/** How vectors are read. */
export interface ReadOptions {
  /** By default what the file's first bytes look like. */
  readonly format?: VectorFormat;
  /** What errors call the file. */
  readonly name?: string;
  /** Only the first so many words are read; all by default. */
  readonly limit?: number;
  /**
   * Numbers in each vector, for `glove`: by default as many as the first line has after its first space, which is wrong
   * where the first word has a space.
   */
  readonly size?: number;
  /** What is done with words that are not UTF-8: `refuse` by default, or U+FFFD in place of each wrong byte. */
  readonly invalidText?: 'refuse' | 'replace';
  /** What is done with a word that comes again: `refuse` by default, or the first is kept and the others are listed. */
  readonly duplicates?: 'refuse' | 'first';
  /** How many bytes there are, where that is known: memory is then had once. */
  readonly byteLength?: number;
  /** Stops the reading; what it is aborted with is thrown. */
  readonly signal?: AbortSignal;
  /** Called after each piece of at most 1 MiB. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** What a .bin of fastText says about its training. */
export interface FasttextModel {
  /** By the names of fastText's source: `dim`, `ws`, `epoch`, `minCount`, `neg`, `wordNgrams`, `loss`, `model`, `bucket`, `minn`, `maxn`, `lrUpdateRate`, `t`. */
  readonly arguments: Readonly<Record<string, number>>;
  /** Tokens of the corpus. */
  readonly tokens: number;
  /** Labels of a supervised model, with their prefix. They have no vectors. */
  readonly labels: readonly string[];
}

/** What was read. */
export interface LoadedVectors {
  /** The vectors. */
  readonly vectors: KeyedVectors;
  /** The format that they were in. */
  readonly format: VectorFormat;
  /** Words that came again and were left out, once for each time. */
  readonly duplicates: readonly string[];
  /** Words with bytes that were not UTF-8 and were replaced. */
  readonly replaced: readonly string[];
  /** Of a .bin of fastText. */
  readonly fasttext?: FasttextModel;
}
