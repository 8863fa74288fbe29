// Which of the n-grams that were counted get a column, and in what order.
import { UnrolledError } from '@unrolled/core';
import type { BagOptions } from './options.ts';

/** What is known of each n-gram. */
export interface Counted {
  /** Documents that hold it; 0 for those that only others begin with. */
  readonly frequencyOf: (node: number) => number;
  /** How often it stands in all documents. */
  readonly countOf: (node: number) => number;
}

/** What the limits cost. Kept and lost add up to what the corpus had. */
export interface Selected {
  /** By n-gram: whether it has a column. */
  readonly kept: Uint8Array;
  /** Facts for the report. */
  readonly report: Readonly<Record<'ngrams' | 'occurrences' | LostField, number>>;
}

/** Numbers of n-grams and of their occurrences that a limit cost. */
export const lostFields = [
  'ngramsBelowMinimum',
  'occurrencesBelowMinimum',
  'ngramsAboveMaximum',
  'occurrencesAboveMaximum',
  'ngramsBeyondSize',
  'occurrencesBeyondSize',
] as const;
/** One of {@link lostFields}. */
export type LostField = (typeof lostFields)[number];

/**
 * Keeps the n-grams within the limits of the options.
 * @param order - all n-grams by code point.
 * @throws UnrolledError `VOCABULARY_EMPTY` where none is left.
 */
export function select(counted: Counted, order: Int32Array, documents: number, options: BagOptions): Selected {
  const { minimumDocuments, minimumShare, maximumDocuments, maximumShare, maximumSize } = options;
  const least = Math.max(minimumDocuments, minimumShare * documents);
  const greatest = Math.min(maximumDocuments === 0 ? Infinity : maximumDocuments, maximumShare * documents);
  const kept = new Uint8Array(order.length);
  const report = { ngrams: 0, occurrences: 0 } as Record<'ngrams' | 'occurrences' | LostField, number>;
  for (const field of lostFields) report[field] = 0;
  for (const node of order) {
    const frequency = counted.frequencyOf(node);
    if (frequency === 0) continue;
    const count = counted.countOf(node);
    if (frequency < least) {
      report.ngramsBelowMinimum++;
      report.occurrencesBelowMinimum += count;
    } else if (frequency > greatest) {
      report.ngramsAboveMaximum++;
      report.occurrencesAboveMaximum += count;
    } else {
      kept[node] = 1;
      report.ngrams++;
      report.occurrences += count;
    }
  }
  if (maximumSize > 0 && report.ngrams > maximumSize) {
    const lost = cut(kept, counted, order, maximumSize);
    report.ngramsBeyondSize = report.ngrams - maximumSize;
    report.occurrencesBeyondSize = lost;
    report.ngrams = maximumSize;
    report.occurrences -= lost;
  }
  if (report.ngrams === 0) {
    const ngrams = report.ngramsBelowMinimum + report.ngramsAboveMaximum;
    throw nothingLeft(ngrams, documents, least, greatest);
  }
  return { kept, report };
}

/** Keeps the `size` commonest of those that are kept, ties in `order`. @returns occurrences of the others */
function cut(kept: Uint8Array, counted: Counted, order: Int32Array, size: number): number {
  const candidates = Float64Array.from(
    order.filter((node) => kept[node] === 1),
    (node) => counted.countOf(node),
  ).sort();
  const threshold = candidates[candidates.length - size] as number;
  let above = 0;
  for (const count of candidates) if (count > threshold) above++;
  let atThreshold = size - above;
  let lost = 0;
  for (const node of order) {
    const count = counted.countOf(node);
    if (kept[node] === 0 || count > threshold || (count === threshold && atThreshold-- > 0)) continue;
    kept[node] = 0;
    lost += count;
  }
  return lost;
}

function nothingLeft(ngrams: number, documents: number, least: number, greatest: number): UnrolledError {
  const most = greatest === Infinity ? documents : greatest;
  return new UnrolledError(
    'VOCABULARY_EMPTY',
    `None of ${ngrams} n-grams is in at least ${least} and at most ${most} of ${documents} documents.`,
    { mend: 'Lower the minimum of documents, or raise the maximum.', data: { ngrams, documents, least, most } },
  );
}
