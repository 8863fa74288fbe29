// Which word 1- and 2-grams occur in a text, as columns of a sparse matrix of 0 and 1.
import { ngramsTokenizer } from '@unrolled/tokenizer-ngrams';
import type { SparseRows } from './logistic-regression.ts';

/** A vocabulary of n-grams and the texts it was made of. */
export interface NgramFeatures {
  /** One row for each text, one column for each n-gram in order of first occurrence. */
  readonly rows: SparseRows;
  /** The columns of another text; n-grams that are not in the vocabulary have none. */
  readonly columnsOf: (text: string) => number[];
}

/** Counts nothing: an n-gram occurs or it doesn't. */
export function ngramFeatures(texts: readonly string[]): NgramFeatures {
  const { tokenize } = ngramsTokenizer({ from: 1, to: 2, unique: true });
  const vocabulary = new Map<string, number>();
  const offsets = new Int32Array(texts.length + 1);
  const columns: number[] = [];
  texts.forEach((text, row) => {
    for (const { text: ngram } of tokenize(text)) {
      if (!vocabulary.has(ngram)) vocabulary.set(ngram, vocabulary.size);
      columns.push(vocabulary.get(ngram) as number);
    }
    offsets[row + 1] = columns.length;
  });
  return {
    rows: { offsets, columns: Int32Array.from(columns), width: vocabulary.size },
    columnsOf: (text) => tokenize(text).flatMap((ngram) => vocabulary.get(ngram.text) ?? []),
  };
}
