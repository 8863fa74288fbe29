// Random masks as tensors, drawn by core's generator so that every backend has the same.
import type { Tensor } from '@tensorflow/tfjs';
import { type Batch, fillMask, type RandomKey } from '@unrolled/core';
import { sizeOf, type Value } from '@unrolled/equations';
import type { Tf } from './tensorflow.ts';

/** A mask `[time?, time*?, batch, …shape]`; its expectation where there is no key. */
export function maskTensor(
  tf: Tf,
  { shape, over, site, probability, high }: Value & { readonly op: 'random' },
  { time, size, lengths, exampleIndex, start }: Batch,
  key: RandomKey | undefined,
): Tensor {
  const [perStep, second] = [over.includes('time'), over.includes('time*')];
  const full = [...(perStep ? [time] : []), ...(second ? [time] : []), size, ...shape];
  if (!key) return tf.fill(full, probability * high);
  const units = sizeOf(shape);
  const data = new Float32Array(sizeOf(full));
  const draw = (out: Float32Array, at: number, n: number, row: number, t: number): void => {
    const [example, step] = [exampleIndex[row] as number, perStep ? (start[row] as number) + t : 0];
    fillMask(out, at, n, { ...key, site, example, step }, probability, high);
  };
  for (let row = 0; row < size; row++) {
    const length = lengths[row] as number;
    for (let t = 0; t < (perStep ? length : 1); t++) {
      if (!second) draw(data, (t * size + row) * units, units, row, t);
      else {
        // The units of all positions are drawn in a row; in the tensor other sequences lie between them.
        const drawn = new Float32Array(length * units);
        draw(drawn, 0, drawn.length, row, t);
        for (let s = 0; s < length; s++)
          data.set(drawn.subarray(s * units, (s + 1) * units), ((t * time + s) * size + row) * units);
      }
    }
  }
  return tf.tensor(data, full);
}
