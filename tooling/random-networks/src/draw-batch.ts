// Draws batches, weights and states for a network.
import {
  type Batch,
  type Executable,
  initialise,
  type NetworkDescription,
  type State,
  type Tensor,
} from '@unrolled/core';
import fc from 'fast-check';
import type { Draw } from './draw-module.ts';

/** A tensor of numbers between −1.5 and 1.5, of which no two are the same. */
export function drawTensor(g: Draw, shape: readonly number[]): Tensor & { readonly data: Float64Array } {
  const name = `draw ${g(fc.integer)}`;
  return { shape, data: initialise({ name, shape, init: { init: 'uniform', minimum: -1.5, maximum: 1.5 } }, 1) };
}

/** Up to 4 sequences of 0 to 4 steps, or as many as `given` says; padding holds other numbers than zeros. */
export function drawBatch(g: Draw, { input, target }: NetworkDescription, given?: readonly number[]): Batch {
  const lengths = given ?? g(fc.array, fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 });
  const size = lengths.length;
  const time = Math.max(...lengths) + g(fc.integer, { min: 0, max: 1 });
  const classes = (count: number, length: number) =>
    Int32Array.from({ length }, () => g(fc.integer, { min: 0, max: count - 1 }));
  const terms = target.per === 'step' ? time * size : size;
  return {
    size,
    time,
    inputs: {
      x: input.kind === 'ids' ? classes(input.vocabulary, time * size) : drawTensor(g, [time, size, input.size]).data,
    },
    lengths: Int32Array.from(lengths),
    targets: target.kind === 'class' ? classes(target.size, terms) : drawTensor(g, [terms, target.size]).data,
    weights: drawTensor(g, [terms]).data.map((each) => 0.2 + Math.abs(each)),
    exampleIndex: Int32Array.from(lengths, (_, row) => 10 * row + 3),
    start: Int32Array.from(lengths, () => g(fc.constantFrom, 0, 0, 2)),
  };
}

/** Weights for every parameter, written to the executable. */
export async function drawParameters(
  g: Draw,
  executable: Executable,
): Promise<Record<string, Tensor & { data: Float64Array }>> {
  const parameters = Object.fromEntries(executable.parameters.map(({ name, shape }) => [name, drawTensor(g, shape)]));
  await executable.write({ parameters });
  return parameters;
}

/** A state in the middle of a sequence, or at its start: recurrent values anything, pools as if 2 steps had been seen. */
export function drawState(
  g: Draw,
  executable: Executable,
  size: number,
): Record<string, Tensor & { data: Float64Array }> {
  const state: State = executable.initialState(size);
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape }]) => {
      const drawn = drawTensor(g, shape);
      return [name, /\.count\d*$/.test(name) ? { ...drawn, data: drawn.data.fill(2) } : drawn];
    }),
  );
}
