// Random masks as tensors, drawn by core's generator so that every backend has the same.
import type { Tensor } from '@tensorflow/tfjs';
import { type Batch, fillMask, type RandomKey } from '@unrolled/core';
import { sizeOf, type Value } from '@unrolled/equations';
import type { Tf } from './load.ts';

/** A mask `[time?, batch, …shape]`; its expectation where there is no key. */
export function maskTensor(
  tf: Tf,
  { shape, over, site, probability, high }: Value & { readonly op: 'random' },
  batch: Batch,
  key: RandomKey | undefined,
): Tensor {
  const perStep = over.includes('time');
  const { time, size } = batch;
  const full = [...(perStep ? [time] : []), size, ...shape];
  if (!key) return tf.fill(full, probability * high);
  const units = sizeOf(shape);
  const data = new Float32Array(sizeOf(full));
  for (let row = 0; row < size; row++) {
    const example = batch.exampleIndex[row] as number;
    const start = batch.start[row] as number;
    const steps = perStep ? (batch.lengths[row] as number) : 1;
    for (let t = 0; t < steps; t++) {
      const step = perStep ? start + t : 0;
      fillMask(data, (t * size + row) * units, units, { ...key, site, example, step }, probability, high);
    }
  }
  return tf.tensor(data, full);
}
