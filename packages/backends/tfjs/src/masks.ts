// Random masks as tensors, drawn by core's generator so that every backend has the same.
import type { Tensor } from '@tensorflow/tfjs';
import { type Batch, fillMask, type RandomKey } from '@unrolled/core';
import { sizeOf, type Value } from '@unrolled/equations';
import type { Tf } from './tensorflow.ts';

type Random = Value & { readonly op: 'random' };

/** A mask `[time?, time*?, batch, …shape]`; its expectation where there is no key. */
export function maskTensor(tf: Tf, value: Random, batch: Batch, key: RandomKey | undefined): Tensor {
  const { shape, over, probability, high } = value;
  const { time, size } = batch;
  const [perStep, second] = [over.includes('time'), over.includes('time*')];
  const full = [...(perStep ? [time] : []), ...(second ? [time] : []), size, ...shape];
  if (!key) return tf.fill(full, probability * high);
  const units = sizeOf(shape);
  const data = new Float32Array(sizeOf(full));
  for (let row = 0; row < size; row++) {
    const steps = perStep ? (batch.lengths[row] as number) : 1;
    for (let step = 0; step < steps; step++) {
      const at = (step * (second ? time : 1) * size + row) * units;
      if (second) fillPositions(data, at, value, batch, key, row, step);
      else draw(data, at, units, value, batch, key, row, step);
    }
  }
  return tf.tensor(data, full);
}

/** `n` units of one sequence's mask at one step, in a row. */
function draw(
  out: Float32Array,
  at: number,
  n: number,
  { over, site, probability, high }: Random,
  { exampleIndex, start }: Batch,
  key: RandomKey,
  row: number,
  step: number,
): void {
  const example = exampleIndex[row] as number;
  const number = over.includes('time') ? (start[row] as number) + step : 0;
  fillMask(out, at, n, { ...key, site, example, step: number }, probability, high);
}

/** The units of all positions of one step are drawn in a row; in the tensor other sequences lie between them. */
function fillPositions(
  out: Float32Array,
  at: number,
  value: Random,
  batch: Batch,
  key: RandomKey,
  row: number,
  step: number,
): void {
  const units = sizeOf(value.shape);
  const drawn = new Float32Array((batch.lengths[row] as number) * units);
  draw(drawn, 0, drawn.length, value, batch, key, row, step);
  for (let from = 0; from < drawn.length; from += units)
    out.set(drawn.subarray(from, from + units), at + from * batch.size);
}
