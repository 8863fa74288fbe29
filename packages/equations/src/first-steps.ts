// A batch cut after some steps, to learn its states there.
import type { Batch } from '@unrolled/core';

/** The first `count` steps of every sequence, without targets: what states are to be computed from. */
export function firstSteps({ targets: _, weights: __, ...batch }: Batch, count: number): Batch {
  return { ...batch, lengths: batch.lengths.map((length) => Math.min(length, count)) };
}
