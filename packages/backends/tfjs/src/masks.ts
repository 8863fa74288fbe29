// Random masks as tensors, drawn by core's generator so that every backend has the same.
import type { Tensor } from '@tensorflow/tfjs';
import { type Batch, fillMask, type RandomKey } from '@unrolled/core';
import { sizeOf, type Value } from '@unrolled/equations';
import type { Tf } from './load.ts';

/** A mask `[time?, time*?, batch, …shape]`; its expectation where there is no key. */
export function maskTensor(
  tf: Tf,
  { shape, over, site, probability, high }: Value & { readonly op: 'random' },
  batch: Batch,
  key: RandomKey | undefined,
): Tensor {
  const perStep = over.includes('time');
  const { time, size } = batch;
  const second = over.includes('time*');
  const positions = second ? time : 1;
  const full = [...(perStep ? [time] : []), ...(second ? [time] : []), size, ...shape];
  if (!key) return tf.fill(full, probability * high);
  const units = sizeOf(shape);
  const data = new Float32Array(sizeOf(full));
  for (let row = 0; row < size; row++) {
    const example = batch.exampleIndex[row] as number;
    const start = batch.start[row] as number;
    const length = batch.lengths[row] as number;
    const drawn = new Float32Array((second ? length : 1) * units);
    for (let t = 0; t < (perStep ? length : 1); t++) {
      const step = perStep ? start + t : 0;
      fillMask(drawn, 0, drawn.length, { ...key, site, example, step }, probability, high);
      for (let s = 0; s * units < drawn.length; s++)
        data.set(drawn.subarray(s * units, (s + 1) * units), ((t * positions + s) * size + row) * units);
    }
  }
  return tf.tensor(data, full);
}
