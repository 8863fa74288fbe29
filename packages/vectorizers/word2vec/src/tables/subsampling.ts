// Which occurrences of frequent words stay.

/**
 * Probability that an occurrence of each word stays: (√(c ÷ (s·T)) + 1) · s·T ÷ c, at most 1, for the count c of T words in all
 * and the share s. All stay where s is 0.
 *
 * Source: word2vec.c; Mikolov, Sutskever, Chen, Corrado and Dean 2013, section 2.3, has √(s·T ÷ c) alone.
 */
export function keepProbabilities(counts: readonly number[], sample: number): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const usual = sample * total;
  return Float64Array.from(counts, (count) =>
    sample === 0 ? 1 : Math.min(1, ((Math.sqrt(count / usual) + 1) * usual) / count),
  );
}

const TWO_32 = 4294967296;

/** The highest number of 32 bits at which an occurrence stays. */
export function keepThresholds(probabilities: Float64Array): Uint32Array {
  return Uint32Array.from(probabilities, (p) => Math.min(TWO_32 - 1, Math.max(0, Math.round(p * TWO_32) - 1)));
}
