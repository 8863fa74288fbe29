// Made-up batches: full sequences of vectors or words, and their classes.
import type { Batch } from '@unrolled/core';
import { classes } from './networks.ts';
import type { Shape } from './shapes.ts';

/** Vectors between −1 and 1. */
export function vectorBatch(shape: Shape): Batch {
  const { batch, steps, inputs } = shape;
  const next = generator();
  return around(
    shape,
    Float32Array.from({ length: steps * batch * inputs }, () => 2 * next() - 1),
  );
}

/** Words of a vocabulary, frequent ones more often (Zipf's law), as in texts. */
export function wordBatch(shape: Shape, vocabulary: number): Batch {
  const { batch, steps } = shape;
  const next = generator();
  return around(
    shape,
    Int32Array.from({ length: steps * batch }, () => Math.floor(vocabulary ** next()) - 1),
  );
}

function around({ batch: size, steps: time }: Shape, x: Int32Array | Float32Array): Batch {
  return {
    size,
    time,
    inputs: { x },
    lengths: new Int32Array(size).fill(time),
    targets: Int32Array.from({ length: size }, (_, row) => row % classes),
    weights: new Float32Array(size).fill(1 / size),
    exampleIndex: Int32Array.from({ length: size }, (_, row) => row),
    start: new Int32Array(size),
  };
}

/** The same numbers in [0, 1) each time (a linear congruential generator, Numerical Recipes). */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
