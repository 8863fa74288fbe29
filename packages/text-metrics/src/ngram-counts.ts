// Counts of n-grams of a few sequences that are compared with one another.

/** How often each n-gram of a sequence occurs, by a number that equal n-grams share. */
export type NgramCounts = ReadonlyMap<number, number>;

/**
 * Counts of the n-grams of 1 to `order` units.
 * @param sequences - of words or characters.
 * @returns by n − 1, then by sequence.
 */
export function countNgrams(sequences: readonly (readonly string[])[], order: number): NgramCounts[][] {
  const numbers = new Map<string, number>();
  const units = sequences.map((sequence) => sequence.map((unit) => numberOf(numbers, unit)));
  const counts: NgramCounts[][] = [];
  for (let n = 1, ngrams = units; n <= order; n++) {
    if (n > 1) ngrams = longer(ngrams, units, n, numbers.size);
    counts.push(ngrams.map(count));
  }
  return counts;
}

/** How many n-grams a sequence has. */
export function ngramsIn(length: number, n: number): number {
  return Math.max(0, length - n + 1);
}

/** N-grams that both have, each as often as in the one with fewer; of several others, in the one with most. */
export function countMatches(counts: NgramCounts, others: readonly NgramCounts[]): number {
  let matches = 0;
  for (const [ngram, times] of counts) {
    let most = 0;
    for (const other of others) most = Math.max(most, other.get(ngram) ?? 0);
    matches += Math.min(times, most);
  }
  return matches;
}

/** Numbers of n-grams from those of one unit less: a pair of numbers, its first part and its last unit, names each. */
function longer(
  shorter: readonly (readonly number[])[],
  units: readonly (readonly number[])[],
  n: number,
  distinct: number,
): number[][] {
  const numbers = new Map<number, number>();
  return units.map((sequence, index) =>
    Array.from({ length: ngramsIn(sequence.length, n) }, (_, at) => {
      const first = (shorter[index] as readonly number[])[at] as number;
      return numberOf(numbers, first * distinct + (sequence[at + n - 1] as number));
    }),
  );
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

function count(ngrams: readonly number[]): NgramCounts {
  const counts = new Map<number, number>();
  for (const ngram of ngrams) counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  return counts;
}
