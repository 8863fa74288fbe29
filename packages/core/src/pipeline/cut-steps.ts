// Some steps of a batch as a batch of its own, which goes on from the state before them.
import type { Batch, Values } from '../contracts/executable.ts';

/** The steps from one to before another. Targets and weights must be those of the steps. */
export function cutSteps(batch: Batch, from: number, to: number): Batch {
  const { size, time, inputs, targets, weights } = batch;
  const cut = <T extends Int32Array | Values>(all: T): T => {
    const width = all.length / time;
    return all.subarray(from * width, to * width) as T;
  };
  return {
    size,
    time: to - from,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, cut(values)])),
    lengths: batch.lengths.map((length) => Math.max(0, Math.min(length, to) - from)),
    exampleIndex: batch.exampleIndex,
    start: batch.start.map((start, row) => start + Math.min(batch.lengths[row] as number, from)),
    ...(targets && { targets: cut(targets) }),
    ...(weights && { weights: cut(weights) }),
  };
}
