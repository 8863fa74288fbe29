// Derivatives where a function has a corner: the language's conventions, which TensorFlow.js's own gradients partly lack.
import type { NetworkDescription } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { compileOn } from './devices.ts';

type Rows = readonly (readonly number[])[];

/** Equations of an answer at each step, one row a step, and the slopes of the sum of all answers. */
const table: readonly (readonly [string, string, Rows, Rows])[] = [
  ['relu has the slope 0 at 0', 'y[t] = relu(h[t])', [[-2, 0, 3]], [[0, 0, 1]]],
  ['abs has the slope 0 at 0', 'y[t] = abs(h[t])', [[-2, 0, 3]], [[-1, 0, 1]]],
  [
    'max chooses the first argument of a tie',
    'y[t] = max(2 * h[t][0:1], 5 * h[t][1:2] - 3 * h[t][0:1])',
    [[1, 1]],
    [[2, 0]],
  ],
  [
    'min chooses the first argument of a tie',
    'y[t] = min(2 * h[t][0:1], 5 * h[t][1:2] - 3 * h[t][0:1])',
    [[1, 1]],
    [[2, 0]],
  ],
  ['a scalar beside a vector', 'y[t] = max(h[t], sum(h[t]))', [[1, 2, -2]], [[2, 2, 1]]],
  ['max chooses the first element of a tie', 'y[t] = [max(h[t])]', [[1, 3, 3]], [[0, 1, 0]]],
  ['min chooses the first element of a tie', 'y[t] = [min(h[t])]', [[2, 1, 1]], [[0, 1, 0]]],
  ['equal is not greater', 'y[t] = where(h[t] > 0, 2 * h[t], 3 * h[t])', [[-1, 0, 1]], [[3, 3, 2]]],
  ['the largest of one', 'y[t] = [max(h[t][0:1]); h[t][1:2]]', [[1, 2]], [[1, 1]]],
  ['of equal steps the first', 'e[t,s] = h[t] * h[s]\ny[t] = max_s(e[t,s])', [[1], [2], [2]], [[2], [7], [2]]],
];

describe.each(['cpu', 'wasm'] as const)('on %s', (device) => {
  test.each(table)('%s', async (_, equations, rows, slopes) => {
    expect(await slopesOf(equations, rows)).toEqual(slopes);
  });

  async function slopesOf(equations: string, rows: Rows): Promise<Rows> {
    const size = rows[0]?.length ?? 0;
    const executable = await compileOn(device, networkOf(equations, size));
    const [batch, state] = [oneSequence(rows), executable.initialState(1)];
    const { output } = await executable.forward(batch, state, { mode: 'infer' });
    const outputGradient = { shape: output.shape, data: output.data.map(() => 1) };
    const { inputs } = await executable.gradients(batch, state, { outputGradient });
    executable.dispose();
    const x = inputs.x?.data as Float32Array;
    return rows.map((_, step) => [...x.slice(step * size, (step + 1) * size)]);
  }
});

function networkOf(equations: string, size: number): NetworkDescription {
  const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
  return {
    language: 1,
    input: { kind: 'vectors', size },
    layers: [],
    output: { ...bare, name: 'head', equations, output: 'y' },
    target: { kind: 'values', size, per: 'step' },
  };
}

function oneSequence(rows: Rows) {
  return {
    size: 1,
    time: rows.length,
    inputs: { x: Float64Array.from(rows.flat()) },
    lengths: Int32Array.of(rows.length),
    exampleIndex: Int32Array.of(0),
    start: Int32Array.of(0),
  };
}
