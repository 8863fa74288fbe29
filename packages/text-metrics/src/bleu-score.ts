// From counts of n-grams to BLEU: smoothed precisions, their geometric mean and the brevity penalty.
import { exp, log } from '@unrolled/core';

/** What BLEU is made of, summed over the corpus. */
export interface BleuCounts {
  /** Tokens of the hypotheses. */
  readonly hypothesisLength: number;
  /** Tokens of the references, of several those of the one nearest in length. */
  readonly referenceLength: number;
  /** N-grams of 1, 2, … tokens that a reference has too. */
  readonly correct: readonly number[];
  /** All n-grams of 1, 2, … tokens of the hypotheses. */
  readonly total: readonly number[];
}

/** What a precision without a match counts: `'exp'` is method 3 of Chen and Cherry 2014, mteval-v13a.pl's. */
export type BleuSmoothing = 'exp' | 'none';

interface Combination {
  readonly score: number;
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
}

/** Papineni et al. 2002, section 2.3, in sacreBLEU's order of arithmetic. */
export function bleuOf(
  counts: BleuCounts,
  options: { readonly smoothing: BleuSmoothing; readonly effectiveOrder: boolean },
): Combination {
  const { correct, hypothesisLength, referenceLength } = counts;
  const brevityPenalty = brevity(hypothesisLength, referenceLength);
  if (correct.every((matches) => matches === 0)) return { score: 0, precisions: correct.map(() => 0), brevityPenalty };
  const { precisions, observed } = smoothed(counts, options.smoothing);
  const used = options.effectiveOrder ? precisions.slice(0, observed) : precisions;
  // One precision of 0 makes the geometric mean 0.
  if (used.includes(0)) return { score: 0, precisions, brevityPenalty };
  const score = brevityPenalty * exp(used.reduce((sum, precision) => sum + log(precision), 0) / used.length);
  return { score, precisions, brevityPenalty };
}

function brevity(hypothesisLength: number, referenceLength: number): number {
  if (hypothesisLength >= referenceLength) return 1;
  return hypothesisLength > 0 ? exp(1 - referenceLength / hypothesisLength) : 0;
}

/** Precisions in percent, and how many orders the hypotheses are long enough for. */
function smoothed(
  { correct, total }: BleuCounts,
  smoothing: BleuSmoothing,
): { precisions: number[]; observed: number } {
  let divisor = 1;
  const precisions = correct.map((matches, index) => {
    const all = total[index] as number;
    if (all === 0) return 0;
    if (matches > 0) return (100 * matches) / all;
    if (smoothing === 'none') return 0;
    divisor *= 2;
    return 100 / (divisor * all);
  });
  return { precisions, observed: total.filter((all) => all > 0).length };
}
