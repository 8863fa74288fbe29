// What a training gives: word vectors, output weights, facts, and a checkpoint to go on from.
import type { StopReason } from '@unrolled/core';
import { KeyedVectors } from '@unrolled/word-vectors';
import { type Checkpoint, type CheckpointParts, encodeCheckpoint } from './checkpoint.ts';
import type { CorpusFacts } from './corpus/count.ts';
import type { Word2VecOptions } from './options.ts';
import { bucketsOf, type SubwordTable } from './tables/subwords.ts';
import { joinRows, wordRows } from './vectors.ts';

/** Why a training ended: all epochs done, its loop was left or `stop` called, or its signal aborted. */
export type Stopped = Exclude<StopReason, 'early'>;

/** What became of the corpus. */
export interface Word2VecReport extends CorpusFacts {
  /** Share of the corpus's tokens that have no vector. */
  readonly unknownRate: number;
  /** Words that were taken in, of all epochs. */
  readonly trainedWords: number;
  /** Whole epochs. */
  readonly epochs: number;
  /** Threads that trained. */
  readonly threads: number;
  /** Wall-clock seconds of this run, counting included. */
  readonly seconds: number;
}

/** Trained word vectors. */
export interface Word2VecModel {
  /** A vector for each word; with n-grams the average (or sum) of the word's own and its n-grams'. */
  readonly vectors: KeyedVectors;
  /** Rows of the output, row-major: of the words `[words, size]`, or of the Huffman tree's inner nodes `[words − 1, size]`. */
  readonly output: Float32Array;
  /** The vector of any word, from its n-grams where it was not in the corpus; undefined where none of them was. `[size]` */
  readonly vectorOf: (word: string) => Float32Array | undefined;
  /** The options with defaults filled in. */
  readonly options: Word2VecOptions;
  /** What became of the corpus. */
  readonly report: Word2VecReport;
  /** Why the training ended. */
  readonly stopped: Stopped;
  /** All that is needed to go on, as the bytes of a safetensors file; for `resume`. */
  readonly checkpoint: () => Checkpoint;
}

/** What a model is made of. */
export interface ModelParts {
  readonly parts: CheckpointParts;
  readonly subwords: SubwordTable | undefined;
  readonly report: Word2VecReport;
  readonly stopped: Stopped;
}

/** Puts a model together. */
export function createModel({ parts, subwords, report, stopped }: ModelParts): Word2VecModel {
  const { options, words, input, output } = parts;
  const values = wordRows(input, { options, subwords });
  const vectors = new KeyedVectors({ words: words.tokens, size: options.size, values, counts: words.counts });
  return {
    ...{ vectors, output, options, report, stopped },
    vectorOf: (word) => {
      if (vectors.has(word)) return vectors.vector(word);
      if (!subwords) return undefined;
      const known = bucketsOf(word, options).flatMap((bucket) => subwords.rowOfBucket.get(bucket) ?? []);
      return known.length > 0 ? joinRows(input, known, options) : undefined;
    },
    checkpoint: () => encodeCheckpoint(parts),
  };
}
