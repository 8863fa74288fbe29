// Every loss and its gradient against PyTorch, logits of ±1000 among them: row by row, and all rows as one batch.
import type { Batch, Compile, EquationModule, NetworkDescription, Tensor } from '@unrolled/core';
import { describeNetwork, type LossCase, lossCases, relativeError } from '@unrolled/goldens';
import { expect, test } from 'vitest';
import type { Tolerances } from './tolerances.ts';

const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
/** Hands its input on, so that logits are what a test says they are. */
const pass: EquationModule = { ...bare, name: 'pass', equations: 'h[t] = x[t]', output: 'h' };
const only: EquationModule = { ...bare, name: 'only', equations: 'y = last_s(h[s])', output: 'y' };

/** Registers a test for each loss. Of one row, an error is relative to its largest number or to 1. */
export function lossSuite(compile: Compile, { forward, gradients }: Tolerances): void {
  test.each(lossCases().map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const [rows, size] = golden.y.shape as [number, number];
    const executable = await compile(networkFor(golden, size), {});
    // Of a row's elements a loss takes the mean.
    const share = golden.loss === 'categorical-cross-entropy' ? 1 : size;
    const slopesOf = async (from: number, to: number) => {
      const { loss, inputs } = await executable.gradients(
        batchOf(golden, from, to),
        executable.initialState(to - from),
        {},
      );
      return { loss, slopes: (inputs.x as Tensor).data };
    };
    const lossOf = (from: number, to: number) =>
      golden.value.data.subarray(from * share, to * share).reduce((sum, value) => sum + value, 0) / share;
    for (let row = 0; row < rows; row++) {
      const { loss, slopes } = await slopesOf(row, row + 1);
      const y = golden.y.data.subarray(row * size, (row + 1) * size);
      const expected = lossOf(row, row + 1);
      const scale = Math.max(1, ...y.map(Math.abs), Math.abs(expected));
      expect(Math.abs(loss - expected), `row ${row}: ${y}`).toBeLessThan(forward * scale);
      slopes.forEach((slope, place) => {
        const wanted = (golden.gradient.data[row * size + place] as number) / share;
        const error = Math.abs(slope - wanted) / Math.max(1, Math.abs(wanted));
        expect(error, `row ${row}: ${y}`).toBeLessThan(gradients);
      });
    }
    const { loss, slopes } = await slopesOf(0, rows);
    expect(relativeError([loss], [lossOf(0, rows)]), 'all rows').toBeLessThan(gradients);
    const wanted = golden.gradient.data.map((slope) => slope / share);
    expect(relativeError(slopes, wanted), 'all rows').toBeLessThan(gradients);
    executable.dispose();
  });
}

function networkFor({ loss }: LossCase, size: number): NetworkDescription {
  const described = describeNetwork({ input: { kind: 'vectors', size }, layers: [], head: 'last', size, loss });
  return { ...described, layers: [{ module: pass, direction: 'forward', dropout: {} }], output: only };
}

/** Rows of a case, each as a sequence of one step. */
function batchOf({ y, target }: LossCase, from: number, to: number): Batch {
  const [rows, size] = [to - from, y.shape[1] as number];
  return {
    size: rows,
    time: 1,
    inputs: { x: y.data.slice(from * size, to * size) },
    lengths: new Int32Array(rows).fill(1),
    targets: target instanceof Int32Array ? target.slice(from, to) : target.slice(from * size, to * size),
    weights: new Float64Array(rows).fill(1),
    exampleIndex: Int32Array.from({ length: rows }, (_, row) => row),
    start: new Int32Array(rows),
  };
}
