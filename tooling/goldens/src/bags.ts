// Bags of n-grams, by scikit-learn's vectorizers of texts.
import file from '../data/bags.json' with { type: 'json' };
import { readIntegers, readTensor, type StoredTensor } from './tensors.ts';

/** Rows of some of the texts. */
export interface BagCase {
  readonly name: string;
  /** Options of the bag of n-grams that say the same, beside the profile. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The texts, which it was fitted on too. */
  readonly texts: readonly string[];
  readonly columns: number;
  /** n-grams in the order of their columns, but for hashed ones. */
  readonly names: readonly string[] | undefined;
  /** The rows as a sparse matrix in compressed rows. */
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

interface Stored {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly texts: number;
  readonly columns: number;
  readonly names?: readonly string[];
  readonly indptr: StoredTensor;
  readonly indices: StoredTensor;
  /** Counts of one digit each. */
  readonly counts?: string;
  readonly values?: StoredTensor;
}

/** Every case of bags. */
export function bagCases(): readonly BagCase[] {
  return (file.cases as unknown as readonly Stored[]).map(({ counts, values, ...stored }) => ({
    ...stored,
    names: stored.names,
    texts: file.texts.slice(0, stored.texts),
    indptr: readIntegers(stored.indptr),
    indices: readIntegers(stored.indices),
    values: counts === undefined ? numbersOf(values as StoredTensor) : Float64Array.from(counts, Number),
  }));
}

function numbersOf(stored: StoredTensor): Float64Array {
  return stored.i32 === undefined ? readTensor(stored).data : Float64Array.from(readIntegers(stored));
}
