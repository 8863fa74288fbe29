// Every loss and its gradient against PyTorch, logits of ±1000 among them.
import type { Batch, EquationModule, NetworkDescription, Tensor } from '@unrolled/core';
import { describeNetwork, type LossCase, lossCases } from '@unrolled/goldens';
import { expect, test } from 'vitest';
import { reference } from '../src/index.ts';

const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
/** Hands its input on, so that logits are what a test says they are. */
const pass: EquationModule = { ...bare, name: 'pass', equations: 'h[t] = x[t]', output: 'h' };
const only: EquationModule = { ...bare, name: 'only', equations: 'y = last_s(h[s])', output: 'y' };

test.each(lossCases().map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
  const [rows, size] = golden.y.shape as [number, number];
  const executable = await reference.compile({})(networkFor(golden, size), {});
  // Of a row's elements a loss takes the mean.
  const share = golden.loss === 'categorical-cross-entropy' ? 1 : size;
  for (let row = 0; row < rows; row += 1) {
    const batch = batchOf(golden, row, size);
    const { loss, inputs } = await executable.gradients(batch, executable.initialState(1), {});
    const values = golden.value.data.subarray(row * share, (row + 1) * share);
    const expected = values.reduce((sum, value) => sum + value, 0) / share;
    const [y, slopes] = [golden.y, golden.gradient].map(({ data }) => data.subarray(row * size, (row + 1) * size));
    const scale = Math.max(1, ...(y as Float64Array).map(Math.abs), Math.abs(expected));
    expect(Math.abs(loss - expected), `row ${row}: ${y}`).toBeLessThan(4e-15 * scale);
    (inputs.x as Tensor).data.forEach((slope, place) => {
      const wanted = ((slopes as Float64Array)[place] as number) / share;
      expect(Math.abs(slope - wanted), `row ${row}: ${y}`).toBeLessThan(1e-14 * Math.max(1, Math.abs(wanted)));
    });
  }
  executable.dispose();
});

function networkFor({ loss }: LossCase, size: number): NetworkDescription {
  const described = describeNetwork({ input: { kind: 'vectors', size }, layers: [], head: 'last', size, loss });
  return { ...described, layers: [{ module: pass, direction: 'forward', dropout: {} }], output: only };
}

function batchOf({ y, target }: LossCase, row: number, size: number): Batch {
  return {
    size: 1,
    time: 1,
    inputs: { x: y.data.slice(row * size, (row + 1) * size) },
    lengths: Int32Array.of(1),
    targets: target instanceof Int32Array ? target.slice(row, row + 1) : target.slice(row * size, (row + 1) * size),
    weights: Float64Array.of(1),
    exampleIndex: Int32Array.of(0),
    start: Int32Array.of(0),
  };
}
