// What vectors are made of, checked: sizes that fit, finite values, no word twice.
import { counted, describe, UnrolledError } from '@unrolled/core';
import type { Subwords } from './subwords.ts';

/** What `KeyedVectors` are made of. */
export interface KeyedVectorsData {
  /** The words in the order of the rows, the most frequent first. */
  readonly words: readonly string[];
  /** Numbers in each vector. */
  readonly size: number;
  /** Row-major `[words, size]`. It is taken over, not copied: it must not be written to afterwards. */
  readonly values: Float32Array;
  /** How often each word was seen, where that is known. */
  readonly counts?: readonly number[] | undefined;
  /** Vectors of character n-grams, which give unknown words theirs. */
  readonly subwords?: Subwords | undefined;
}

/** The row of each word. @throws UnrolledError `VECTORS_INVALID` */
export function checkData({ words, size, values, counts, subwords }: KeyedVectorsData): ReadonlyMap<string, number> {
  if (!Number.isSafeInteger(size) || size < 1)
    refuse(`The size of vectors must be a whole number from 1, but is ${size}.`);
  if (values.length !== words.length * size)
    refuse(
      `${words.length} words of size ${size} need ${words.length * size} values, but ${values.length} were given.`,
    );
  const wrong = firstNotFinite(values);
  if (wrong !== undefined)
    refuse(`Value ${wrong % size} of "${words[Math.floor(wrong / size)]}" is ${values[wrong]}, not a finite number.`);
  if (counts) checkCounts(words, counts);
  if (subwords) checkSubwords(subwords, size);
  return indexesOf(words);
}

function checkCounts(words: readonly string[], counts: readonly number[]): void {
  if (counts.length !== words.length)
    refuse(`There are ${counted(words.length, 'word')}, which need as many counts, but ${counts.length} were given.`);
  const wrong = counts.findIndex((count) => !Number.isSafeInteger(count) || count < 0);
  if (wrong >= 0) refuse(`The count of "${words[wrong]}" must be a whole number from 0, but is ${counts[wrong]}.`);
}

function checkSubwords({ minimum, maximum, values }: Subwords, size: number): void {
  if (!Number.isSafeInteger(minimum) || !Number.isSafeInteger(maximum) || minimum < 1 || maximum < minimum)
    refuse(`N-grams must have whole lengths from 1, the shortest first, but are ${minimum} to ${maximum} long.`);
  if (values.length % size !== 0)
    refuse(`The values of n-grams, ${values.length}, don't fit vectors of size ${size}: no whole number of rows.`);
  const wrong = firstNotFinite(values);
  if (wrong !== undefined)
    refuse(
      `Value ${wrong % size} of n-gram bucket ${Math.floor(wrong / size)} is ${values[wrong]}, not a finite number.`,
    );
}

function indexesOf(words: readonly string[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (let row = 0; row < words.length; row++) {
    const word = words[row] as string;
    indexes.set(word, row);
    if (indexes.size > row) continue;
    refuse(`The word ${describe(word)} is given twice, in rows ${words.indexOf(word)} and ${row}.`);
  }
  return indexes;
}

function firstNotFinite(values: Float32Array): number | undefined {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return undefined;
}

function refuse(problem: string): never {
  throw new UnrolledError('VECTORS_INVALID', problem, {
    mend: 'Look at how they were made: every word, once, has a row of so many finite numbers.',
  });
}
