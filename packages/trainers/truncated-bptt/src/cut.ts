// Cuts a window out of a batch, and puts the outputs of windows together again.
import type { Answers, Batch, Tensor, Values } from '@unrolled/core';
import type { Window } from './windows.ts';

/** The window as a batch of its own: each sequence from its own first step, losses only where they are new. */
export function cutBatch(batch: Batch, window: Window, answers: Answers): Batch {
  const { from, to, time } = window;
  const inputs = Object.entries(batch.inputs).map(([name, data]) => [name, cutSteps(data, batch, window)]);
  return {
    size: batch.size,
    time,
    inputs: Object.fromEntries(inputs),
    lengths: to.map((end, row) => end - (from[row] as number)),
    exampleIndex: batch.exampleIndex,
    start: batch.start.map((steps, row) => steps + (from[row] as number)),
    ...(batch.targets && { targets: answers === 'once' ? batch.targets : cutSteps(batch.targets, batch, window) }),
    ...(batch.weights && { weights: cutWeights(batch, batch.weights, window, answers) }),
  };
}

/** Weights of the loss terms that belong to this window; the others are 0. */
function cutWeights(batch: Batch, weights: Values, window: Window, answers: Answers): Values {
  const { from, to, fresh } = window;
  if (answers === 'once') {
    const ends = (row: number) => to[row] === batch.lengths[row] && (to[row] as number) > (from[row] as number);
    return weights.map((weight, row) => (ends(row) ? weight : 0));
  }
  return cutSteps(weights, batch, window).map((weight, index) => {
    const step = (from[index % batch.size] as number) + Math.floor(index / batch.size);
    return step >= fresh ? weight : 0;
  });
}

/** Data `[time, batch, …]` of the window's steps, `[window time, batch, …]`; padding is 0. Not to be written to. */
function cutSteps<D extends Int32Array | Values>(data: D, { size, time }: Batch, window: Window): D {
  const width = data.length / (time * size);
  const [from = 0] = window.from;
  if (isEven(window)) return data.subarray(from * size * width, (from + window.time) * size * width) as D;
  const cut = emptyLike(data, window.time * size * width);
  copySteps(data, cut, { size, width }, window, window.from);
  return cut;
}

/** The outputs of the window's new steps, `[new steps, batch, size]`, from those of all its steps. */
export function freshOutput(output: Tensor, window: Window): Tensor {
  const [, size = 0, ...features] = output.shape;
  const { fresh, from, to } = window;
  if (isEven(window) && from[0] === fresh) return output;
  const width = features.reduce((product, count) => product * count, 1);
  const steps = Math.max(...to) - fresh;
  const data = emptyLike(output.data, steps * size * width);
  const first = from.map((start) => Math.max(0, fresh - start));
  const last = to.map((end, row) => (end > fresh ? end - (from[row] as number) : 0));
  copySteps(output.data, data, { size, width }, { from: first, to: last }, first);
  return { shape: [steps, size, ...features], data };
}

/** Outputs of one window's new steps after the other's, `[time, batch, size]`; padding is 0. */
export function joinOutputs(pieces: readonly Tensor[], time: number): Tensor {
  const [first] = pieces as [Tensor];
  const perStep = first.data.length / (first.shape[0] as number);
  const data = emptyLike(first.data, time * perStep);
  let offset = 0;
  for (const piece of pieces) {
    data.set(piece.data, offset);
    offset += piece.data.length;
  }
  return { shape: [time, ...first.shape.slice(1)], data };
}

/** Whether all sequences run from the same step to the same: the window is then a piece of the data as it lies there. */
function isEven({ from, to }: Window): boolean {
  return from.every((step) => step === from[0]) && to.every((step) => step === to[0]);
}

/** Copies each row's steps `from` … `to` of `source` to `target`, where row `b` begins at step `from[b] − base[b]`. */
function copySteps(
  source: Int32Array | Values,
  target: Int32Array | Values,
  { size, width }: { readonly size: number; readonly width: number },
  steps: Pick<Window, 'from' | 'to'>,
  base: Int32Array,
): void {
  for (let row = 0; row < size; row++)
    for (let step = steps.from[row] as number; step < (steps.to[row] as number); step++) {
      const at = (step * size + row) * width;
      const to = ((step - (base[row] as number)) * size + row) * width;
      for (let unit = 0; unit < width; unit++) target[to + unit] = source[at + unit] as number;
    }
}

/** Zeros of the same type of array. */
function emptyLike<D extends Int32Array | Values>(data: D, length: number): D {
  return new (data.constructor as new (length: number) => D)(length);
}
