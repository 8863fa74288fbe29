// Which rows the words of a test set stand for.
import type { KeyedVectors } from '../keyed-vectors.ts';

/** How many of the most frequent words take part, as in gensim and the C program. */
export const MOST_FREQUENT = 300_000;

/** Which words take part in an evaluation. */
export interface EvaluatedWords {
  /** Only the first so many words, the most frequent, take part; 300,000 by default, as in gensim. */
  readonly mostFrequent?: number;
  /** Whether `Greece` and `greece` are one word, that of the first row; true by default, as in gensim. */
  readonly ignoreCase?: boolean;
}

/** Words as they are compared, and their rows. */
export interface WordRows {
  /** A word as it is compared. */
  readonly fold: (word: string) => string;
  /** The rows of a folded word, the first first. */
  readonly rows: ReadonlyMap<string, readonly number[]>;
}

/** Of the first `mostFrequent` words of `vectors`. */
export function wordRows({ words }: KeyedVectors, { mostFrequent, ignoreCase }: Required<EvaluatedWords>): WordRows {
  const fold = (word: string) => (ignoreCase ? word.toUpperCase() : word);
  const rows = new Map<string, number[]>();
  for (let row = 0; row < Math.min(words.length, mostFrequent); row++) {
    const folded = fold(words[row] as string);
    const same = rows.get(folded);
    if (same) same.push(row);
    else rows.set(folded, [row]);
  }
  return { fold, rows };
}
