// From input rows to the vectors of words: with n-grams the average (or sum) of a word's rows.
import type { Word2VecOptions } from './options.ts';
import type { SubwordTable } from './tables/subwords.ts';

/** Vectors of the words, `[words, size]`, from input rows `[rows, size]`. */
export function wordRows(
  input: Float32Array,
  { options, subwords }: { readonly options: Word2VecOptions; readonly subwords: SubwordTable | undefined },
): Float32Array {
  if (!subwords) return input;
  const { starts, rows } = subwords;
  const words = starts.length - 1;
  const values = new Float32Array(words * options.size);
  for (let word = 0; word < words; word++)
    values.set(joinRows(input, rows.subarray(starts[word], starts[word + 1]), options), word * options.size);
  return values;
}

/** The average or sum of some rows, `[size]`. */
export function joinRows(
  input: Float32Array,
  rows: ArrayLike<number>,
  { size, average }: Pick<Word2VecOptions, 'size' | 'average'>,
): Float32Array {
  const sum = new Float64Array(size);
  for (let k = 0; k < rows.length; k++)
    for (let i = 0; i < size; i++) sum[i] = (sum[i] as number) + (input[(rows[k] as number) * size + i] as number);
  return Float32Array.from(sum, (value) => (average ? value / rows.length : value));
}
