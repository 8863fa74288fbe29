// Word vectors by word: immutable, with cosine similarity, neighbours and analogies.
import { counted, nearest, UnrolledError } from '@unrolled/core';
import { checkWhole } from './check-whole.ts';
import { greatest } from './greatest.ts';
import { rowNorms, unit } from './norms.ts';
import { RowProducts } from './row-products.ts';
import { type Subwords, subwordVector } from './subwords.ts';
import { checkData, type KeyedVectorsData } from './vectors-data.ts';

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

/** How an analogy is scored. */
export type AnalogyMethod = '3CosAdd' | '3CosMul';

/** A word, or a vector of `size` numbers. */
export type WordOrVector = string | ArrayLike<number>;

/** An analogy: what is near all of `positive` and far from all of `negative`. */
export interface AnalogyOptions extends NeighbourOptions {
  /** What the answer is like: of "a is to b as c is to …", b and c. */
  readonly positive: readonly WordOrVector[];
  /** What it is unlike: a. */
  readonly negative?: readonly WordOrVector[];
  /** `3CosAdd` by default. */
  readonly method?: AnalogyMethod;
}

/** What 3CosMul adds to its divisor, so that it is never 0. */
export const COS_MUL_EPSILON = 1e-6;
/** How many words are compared with a missing one to name the nearest. */
const LOOKED_AT = 50_000;

/** Word vectors by word. Immutable. */
export class KeyedVectors {
  readonly #data: KeyedVectorsData;
  readonly #rows: ReadonlyMap<string, number>;
  #norms: Float64Array | undefined;
  #products: RowProducts | undefined;

  /**
   * @throws UnrolledError `VECTORS_INVALID` where words, size, values, counts and subwords don't fit each other, a word
   * comes twice, or a value is not finite
   */
  constructor(data: KeyedVectorsData) {
    this.#rows = checkData(data);
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

  /** Vectors of character n-grams, where there are any. */
  get subwords(): Subwords | undefined {
    return this.#data.subwords;
  }

  /** Whether `word` has a row. One that hasn't may still have a vector, of its character n-grams. */
  has(word: string): boolean {
    return this.#rows.has(word);
  }

  /** The row of `word`, −1 where it has none. */
  indexOf(word: string): number {
    return this.#rows.get(word) ?? -1;
  }

  /**
   * A copy of the vector of `word`, `[size]`; of a word without a row the mean of its character n-grams, where there are
   * subwords.
   * @throws UnrolledError `WORD_UNKNOWN`, with the nearest word
   */
  vector(word: string): Float32Array {
    const row = this.indexOf(word);
    if (row >= 0) return this.values.slice(row * this.size, (row + 1) * this.size);
    const composed = this.subwords && subwordVector(word, this.subwords, this.size);
    if (composed) return composed;
    throw this.#unknown(word);
  }

  /** Cosine of the angle between two words, −1 to 1; 0 where one is all zeros. @throws UnrolledError `WORD_UNKNOWN` */
  similarity(a: string, b: string): number {
    const [x, y] = [unit(this.vector(a)), unit(this.vector(b))];
    return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  }

  /**
   * The cosine distance, 1 − similarity, from `of` to each of `words`, or to every word in the order of rows.
   * @throws UnrolledError `WORD_UNKNOWN`, `VECTORS_INVALID`
   */
  distances(of: WordOrVector, words?: readonly string[]): Float64Array {
    const query = this.#direction(of);
    if (!words) return this.#cosines(query, this.words.length).map((cosine) => 1 - cosine);
    return Float64Array.from(words, (word) => {
      const other = this.#direction(word);
      return 1 - query.reduce((sum, value, i) => sum + value * (other[i] as number), 0);
    });
  }

  /**
   * The words of the greatest cosine similarity, the greatest first, ties in the order of words. A word is no neighbour of
   * itself.
   * @throws UnrolledError `WORD_UNKNOWN`, `VECTORS_INVALID`, `OPTION_INVALID`
   */
  neighbours(of: WordOrVector, options: NeighbourOptions = {}): readonly Neighbour[] {
    return this.analogy({ ...options, positive: [of] });
  }

  /**
   * The words nearest to all of `positive` and farthest from all of `negative`; those given are not among them.
   * With cosines s, `3CosAdd` scores a word x by its similarity to the sum of the unit vectors, negative ones subtracted;
   * `3CosMul` by Π (1 + s(x, p))/2 ÷ (Π (1 + s(x, n))/2 + 1e-6).
   *
   * Source: Mikolov, Yih and Zweig (2013), Linguistic regularities in continuous space word representations; Levy and
   * Goldberg (2014), Linguistic regularities in sparse and explicit word representations, equations 3 and 4.
   *
   * @throws UnrolledError `WORD_UNKNOWN`, `VECTORS_INVALID`, `OPTION_INVALID`
   */
  analogy(options: AnalogyOptions): readonly Neighbour[] {
    const { positive, negative = [], method = '3CosAdd', count = 10, mostFrequent = this.words.length } = options;
    checkWhole('count', count);
    checkWhole('mostFrequent', mostFrequent, 0);
    if (positive.length === 0)
      throw new UnrolledError('OPTION_INVALID', 'An analogy needs at least one positive word.', {
        mend: "Give for example positive: ['king', 'woman'], negative: ['man'].",
      });
    const rows = Math.min(this.words.length, mostFrequent);
    const scores =
      method === '3CosAdd' ? this.#sumScores(positive, negative, rows) : this.#productScores(positive, negative, rows);
    const given = [...positive, ...negative].map((of) => (typeof of === 'string' ? this.indexOf(of) : -1));
    return greatest(scores, Math.min(count, rows), new Set(given)).map((row) => ({
      word: this.words[row] as string,
      similarity: scores[row] as number,
    }));
  }

  /**
   * The word that is least similar to the mean of the unit vectors of `words`; of equals the last.
   * @throws UnrolledError `WORD_UNKNOWN`, `OPTION_INVALID` for no words
   */
  doesNotMatch(words: readonly string[]): string {
    const directions = words.map((word) => this.#direction(word));
    const mean = unit(sumOf(directions, this.size));
    const cosines = directions.map((direction) => direction.reduce((sum, x, i) => sum + x * (mean[i] as number), 0));
    const least = words[cosines.lastIndexOf(Math.min(...cosines))];
    if (least !== undefined) return least;
    throw new UnrolledError('OPTION_INVALID', 'There are no words to choose from: an empty list was given.', {
      mend: 'Give two words or more.',
    });
  }

  #sumScores(positive: readonly WordOrVector[], negative: readonly WordOrVector[], rows: number): Float64Array {
    const away = negative.map((of) => this.#direction(of).map((value) => -value));
    const directions = [...positive.map((of) => this.#direction(of)), ...away];
    return this.#cosines(unit(sumOf(directions, this.size)), rows);
  }

  #productScores(positive: readonly WordOrVector[], negative: readonly WordOrVector[], rows: number): Float64Array {
    const product = (of: readonly WordOrVector[]): Float64Array => {
      const scores = new Float64Array(rows).fill(1);
      for (const one of of)
        for (const [row, cosine] of this.#cosines(this.#direction(one), rows).entries())
          scores[row] = ((scores[row] as number) * (1 + cosine)) / 2;
      return scores;
    };
    const against = product(negative);
    return product(positive).map((score, row) => score / ((against[row] as number) + COS_MUL_EPSILON));
  }

  /** The cosine of a unit vector with each of the first `rows` words; 0 with zeros. */
  #cosines(direction: Float64Array, rows: number): Float64Array {
    this.#norms ??= rowNorms(this.values, this.size);
    this.#products ??= new RowProducts(this.size);
    const { block } = this.#products;
    const cosines = new Float64Array(rows);
    for (let from = 0; from < rows; from += block) {
      const count = Math.min(block, rows - from);
      this.#products.take(this.values, from, count);
      const products = this.#products.with(direction, count);
      for (let i = 0; i < count; i++) {
        const norm = this.#norms[from + i] as number;
        if (norm > 0) cosines[from + i] = (products[i] as number) / norm;
      }
    }
    return cosines;
  }

  #direction(of: WordOrVector): Float64Array {
    if (typeof of === 'string') return unit(this.vector(of));
    if (of.length !== this.size)
      throw new UnrolledError(
        'VECTORS_INVALID',
        `A vector of ${counted(of.length, 'number')} was given, but those of these words have ${this.size}.`,
        { mend: 'Give a vector of that size, such as one of vector(word).' },
      );
    const direction = unit(of);
    if (direction.every((value) => Number.isFinite(value))) return direction;
    throw new UnrolledError('VECTORS_INVALID', 'A vector was given with numbers that are not finite.', {
      mend: 'Look for a division by 0 where it was computed.',
    });
  }

  #unknown(word: string): UnrolledError {
    const most = Math.max(1, Math.floor(word.length / 3));
    const alike = this.words.slice(0, LOOKED_AT).filter((other) => Math.abs(other.length - word.length) <= most);
    const near = nearest(word, alike);
    const why = this.subwords ? ', and too short for character n-grams' : '';
    return new UnrolledError(
      'WORD_UNKNOWN',
      `"${word}" is not among the ${counted(this.words.length, 'word')}${why}.`,
      {
        ...(near === undefined ? {} : { mend: `Did you mean "${near}"?` }),
        data: { word },
      },
    );
  }
}

function sumOf(vectors: readonly Float64Array[], size: number): Float64Array {
  const sum = new Float64Array(size);
  for (const vector of vectors) for (let i = 0; i < size; i++) sum[i] = (sum[i] as number) + (vector[i] as number);
  return sum;
}
