// Word vectors by word: immutable, with cosine similarity, neighbours and analogies.
import { nearest, UnrolledError } from '@unrolled/core';
import { dot, rowNorms, unit } from './dot.ts';

/** What {@link KeyedVectors} are made of. */
export interface KeyedVectorsData {
  /** The words in the order of the rows, the most frequent first. */
  readonly words: readonly string[];
  /** Numbers in each vector. */
  readonly size: number;
  /** Row-major `[words, size]`. It is taken over, not copied: it must not be written to afterwards. */
  readonly values: Float32Array;
  /** How often each word was seen, where that is known. */
  readonly counts?: readonly number[];
}

/** A word beside what was asked about. */
export interface Neighbour {
  /** The word. */
  readonly word: string;
  /** Cosine similarity, −1 to 1; of `3CosMul` its score, at least 0. */
  readonly similarity: number;
}

/** Which words are looked at, and how many come back. */
export interface NeighbourOptions {
  /** How many words come back at most; 10 by default. */
  readonly count?: number;
  /** Only the first so many words, the most frequent, are looked at; all by default. */
  readonly mostFrequent?: number;
}

/** How many words are compared with a missing one to name the nearest. */
const LOOKED_AT = 200_000;

/** Word vectors by word. Immutable. */
export class KeyedVectors {
  readonly #data: KeyedVectorsData;
  readonly #indexes: ReadonlyMap<string, number>;
  #norms: Float64Array | undefined;

  /**
   * @throws UnrolledError `VECTORS_INVALID` where words, size, values and counts don't fit each other, a word comes twice,
   * or a value is not finite
   */
  constructor(data: KeyedVectorsData) {
    this.#indexes = checkData(data);
    this.#data = data;
  }

  /** The words in the order of their rows, the most frequent first. */
  get words(): readonly string[] {
    return this.#data.words;
  }

  /** Numbers in each vector. */
  get size(): number {
    return this.#data.size;
  }

  /** All vectors, row-major `[words, size]`, not copied: it must not be written to. */
  get values(): Float32Array {
    return this.#data.values;
  }

  /** How often each word was seen, where that is known. */
  get counts(): readonly number[] | undefined {
    return this.#data.counts;
  }

  /** Whether `word` has a row. */
  has(word: string): boolean {
    return this.#indexes.has(word);
  }

  /** The row of `word`, −1 where it has none. */
  indexOf(word: string): number {
    return this.#indexes.get(word) ?? -1;
  }

  /** A copy of the vector of `word`, `[size]`. @throws UnrolledError `WORD_UNKNOWN`, with the nearest word */
  vector(word: string): Float32Array {
    const row = this.#rowOf(word);
    return this.values.slice(row * this.size, (row + 1) * this.size);
  }

  /** Cosine of the angle between two words, −1 to 1; 0 where one is all zeros. @throws UnrolledError `WORD_UNKNOWN` */
  similarity(a: string, b: string): number {
    const [i, j] = [this.#rowOf(a), this.#rowOf(b)];
    const norms = this.#rowNorms();
    const product = (norms[i] as number) * (norms[j] as number);
    return product > 0 ? dot(this.values, i * this.size, this.values, j * this.size, this.size) / product : 0;
  }

  /**
   * The words of the greatest cosine similarity, the greatest first, ties in the order of words. A word is no neighbour of
   * itself.
   * @param of - a word, or a vector of `size` numbers.
   * @throws UnrolledError `WORD_UNKNOWN`, `VECTORS_INVALID`, `OPTION_INVALID`
   */
  neighbours(of: string | ArrayLike<number>, options: NeighbourOptions = {}): readonly Neighbour[] {
    const query = unit(typeof of === 'string' ? this.vector(of) : this.#checkVector(of));
    const but = typeof of === 'string' ? [this.indexOf(of)] : [];
    return this.#greatest(this.#cosines(query, options), but, options);
  }

  #cosines(query: Float64Array, { mostFrequent = Infinity }: NeighbourOptions): Float64Array {
    const norms = this.#rowNorms();
    const cosines = new Float64Array(Math.min(this.words.length, mostFrequent));
    for (let row = 0; row < cosines.length; row++) {
      const norm = norms[row] as number;
      cosines[row] = norm > 0 ? dot(this.values, row * this.size, query, 0, this.size) / norm : 0;
    }
    return cosines;
  }

  #greatest(scores: Float64Array, but: readonly number[], { count = 10 }: NeighbourOptions): readonly Neighbour[] {
    const order = Array.from(scores.keys()).filter((row) => !but.includes(row));
    order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
    return order.slice(0, count).map((row) => ({ word: this.words[row] as string, similarity: scores[row] as number }));
  }

  #rowNorms(): Float64Array {
    this.#norms ??= rowNorms(this.values, this.words.length, this.size);
    return this.#norms;
  }

  #rowOf(word: string): number {
    const row = this.#indexes.get(word);
    if (row !== undefined) return row;
    const near = nearest(word, this.words.slice(0, LOOKED_AT));
    throw new UnrolledError('WORD_UNKNOWN', `"${word}" is not among the ${this.words.length} words.`, {
      ...(near === undefined ? {} : { mend: `Did you mean "${near}"?` }),
      data: { word },
    });
  }

  #checkVector(vector: ArrayLike<number>): ArrayLike<number> {
    if (vector.length === this.size) return vector;
    throw new UnrolledError(
      'VECTORS_INVALID',
      `A vector of ${vector.length} numbers was given, but those of these words have ${this.size}.`,
    );
  }
}

/** The row of each word. @throws UnrolledError `VECTORS_INVALID` */
function checkData({ words, size, values, counts }: KeyedVectorsData): ReadonlyMap<string, number> {
  const refuse = (problem: string) => {
    throw new UnrolledError('VECTORS_INVALID', problem, { data: { words: words.length, size } });
  };
  if (!Number.isInteger(size) || size < 1) refuse(`The size of vectors must be a whole number from 1, but is ${size}.`);
  if (values.length !== words.length * size)
    refuse(
      `${words.length} words of size ${size} need ${words.length * size} values, but ${values.length} were given.`,
    );
  if (counts && counts.length !== words.length)
    refuse(`${words.length} words need as many counts, but ${counts.length} were given.`);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    refuse(`Value ${wrong % size} of "${words[Math.floor(wrong / size)]}" is ${values[wrong]}, not a finite number.`);
  const indexes = new Map<string, number>();
  for (const [row, word] of words.entries()) {
    if (indexes.has(word)) refuse(`The word "${word}" is given twice, in rows ${indexes.get(word)} and ${row}.`);
    indexes.set(word, row);
  }
  return indexes;
}
