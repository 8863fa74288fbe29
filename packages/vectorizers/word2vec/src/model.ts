// What a training gives: word vectors, output weights, facts, and a checkpoint to go on from.
import { KeyedVectors } from '@unrolled/word-vectors';
import { type Checkpoint, type CheckpointParts, encodeCheckpoint } from './checkpoint.ts';
import type { CorpusFacts } from './corpus/count.ts';
import type { Word2VecOptions } from './options.ts';
import type { Stopped } from './run.ts';
import { bucketsOf, type SubwordTable } from './tables/subwords.ts';

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
  const rows = (list: Iterable<number>): Float32Array => combine(input, options, list);
  const values = subwords ? composed(subwords, words.tokens.length, options.size, rows) : input;
  const vectors = new KeyedVectors({ words: words.tokens, size: options.size, values, counts: words.counts });
  return {
    ...{ vectors, output, options, report, stopped },
    vectorOf: (word) => {
      if (vectors.has(word)) return vectors.vector(word);
      if (!subwords) return undefined;
      const known = bucketsOf(word, options).flatMap((bucket) => subwords.rowOfBucket.get(bucket) ?? []);
      return known.length > 0 ? rows(known) : undefined;
    },
    checkpoint: () => encodeCheckpoint(parts),
  };
}

function composed(
  { starts, rows }: SubwordTable,
  words: number,
  size: number,
  combined: (list: Iterable<number>) => Float32Array,
): Float32Array {
  const values = new Float32Array(words * size);
  for (let word = 0; word < words; word++)
    values.set(combined(rows.subarray(starts[word], starts[word + 1])), word * size);
  return values;
}

/** The average or sum of some rows. */
function combine(input: Float32Array, { size, average }: Word2VecOptions, list: Iterable<number>): Float32Array {
  const sum = new Float64Array(size);
  let count = 0;
  for (const row of list) {
    for (let i = 0; i < size; i++) sum[i] = (sum[i] as number) + (input[row * size + i] as number);
    count += 1;
  }
  return Float32Array.from(sum, (value) => (average ? value / count : value));
}
