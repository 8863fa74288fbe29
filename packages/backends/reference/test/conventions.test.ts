// Derivatives where a function has a corner: conventions of the language, the same in every backend.
import type { Batch, Executable, NetworkDescription, State } from '@unrolled/core';
import { expect, test } from 'vitest';
import { reference } from '../src/index.ts';

type Row = readonly number[];

/** The gradient of the sum of the outputs of `equations` by the input h at each step, and by the initial state. */
async function gradientOf(
  equations: string,
  steps: readonly Row[],
  options: { state?: Record<string, Row>; start?: number } = {},
) {
  const size = (steps[0] as Row).length;
  const executable = await reference.compile({})(networkOf(equations, size), {});
  const { batch, state } = only(executable, steps, options);
  const { shape, data } = (await executable.forward(batch, state, { mode: 'infer' })).output;
  const outputGradient = { shape, data: data.map(() => 1) };
  const result = await executable.gradients(batch, state, { outputGradient });
  const x = result.inputs.x?.data as Float64Array;
  return {
    output: [...data],
    steps: steps.map((_, step) => [...x.subarray(step * size, (step + 1) * size)]),
    states: Object.fromEntries(Object.entries(result.initialState).map(([name, each]) => [name, [...each.data]])),
  };
}

function networkOf(equations: string, size: number): NetworkDescription {
  const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
  return {
    language: 1,
    input: { kind: 'vectors', size },
    layers: [],
    output: { ...bare, name: 'head', equations, output: 'y' },
    target: { kind: 'values', size, per: equations.includes('y[') ? 'step' : 'sequence' },
  };
}

function only(
  executable: Executable,
  steps: readonly Row[],
  { state = {}, start = 0 }: { state?: Record<string, Row>; start?: number },
): { batch: Batch; state: State } {
  return {
    batch: {
      size: 1,
      time: steps.length,
      inputs: { x: Float64Array.from(steps.flat()) },
      lengths: Int32Array.of(steps.length),
      exampleIndex: Int32Array.of(0),
      start: Int32Array.of(start),
    },
    state: Object.fromEntries(
      Object.entries(executable.initialState(1)).map(([name, { shape, data }]) => [
        name,
        { shape, data: Float64Array.from(state[name] ?? data) },
      ]),
    ),
  };
}

test('relu has the slope 0 at 0', async () => {
  const { steps } = await gradientOf('y[t] = relu(h[t])', [[-2, -0, 0, 3]]);
  expect(steps).toEqual([[0, 0, 0, 1]]);
});

test('abs has the slope 0 at 0', async () => {
  const { steps } = await gradientOf('y[t] = abs(h[t])', [[-2, -0, 0, 3]]);
  expect(steps).toEqual([[-1, 0, 0, 1]]);
});

test('where two values tie, max and min choose the first argument', async () => {
  for (const name of ['max', 'min']) {
    const tie = await gradientOf(`y[t] = ${name}(2 * h[t][0:1], 5 * h[t][1:2] - 3 * h[t][0:1])`, [[1, 1]]);
    expect(tie).toMatchObject({ output: [2], steps: [[2, 0]] });
    expect((await gradientOf(`y[t] = ${name}(1, h[t])`, [[1]])).steps).toEqual([[0]]);
    expect((await gradientOf(`y[t] = ${name}(h[t], 1)`, [[1]])).steps).toEqual([[1]]);
  }
});

test('where elements tie, max and min choose the first element', async () => {
  expect((await gradientOf('y[t] = [max(h[t])]', [[1, 3, 3, 2]])).steps).toEqual([[0, 1, 0, 0]]);
  expect((await gradientOf('y[t] = [min(h[t])]', [[2, 1, 3, 1]])).steps).toEqual([[0, 1, 0, 0]]);
});

test('where steps tie, pooling by max and min chooses the first step, for each unit', async () => {
  const rows = [
    [1, 5],
    [4, 5],
    [4, 2],
    [1, 2],
  ];
  expect((await gradientOf('y = max_s(h[s])', rows)).steps).toEqual([
    [0, 1],
    [1, 0],
    [0, 0],
    [0, 0],
  ]);
  expect((await gradientOf('y = min_s(h[s])', rows)).steps).toEqual([
    [1, 0],
    [0, 0],
    [0, 1],
    [0, 0],
  ]);
});

test('so does a second index', async () => {
  const { output, steps } = await gradientOf('e[t,s] = h[t] * h[s]\ny[t] = max_s(e[t,s])', [[1], [2], [2]]);
  expect(output).toEqual([2, 4, 4]);
  // y is h1 h2, h2 h2, h3 h2: the second step is chosen each time.
  expect(steps).toEqual([[2], [1 + 2 + 2 + 2], [2]]);
});

test('a tie with an earlier window goes to the earlier one', async () => {
  const state = { 'output.y.max': [4], 'output.y.count': [2] };
  const { output, steps, states } = await gradientOf('y = max_s(h[s])', [[1], [4]], { state, start: 2 });
  expect(output).toEqual([4]);
  expect(steps).toEqual([[0], [0]]);
  expect(states['output.y.max']).toEqual([1]);
});

test('where compares without a slope, and equal is not greater', async () => {
  const rows = [[-1], [0], [1]];
  expect((await gradientOf('y[t] = where(h[t] > 0, 2 * h[t], 3 * h[t])', rows)).steps).toEqual([[3], [3], [2]]);
  expect((await gradientOf('y[t] = where(h[t] < 0, 2 * h[t], 3 * h[t])', rows)).steps).toEqual([[2], [3], [3]]);
});

test('a NaN is the largest and the smallest, so that it is seen', async () => {
  const rows = [[1, Number.NaN, 3]];
  expect((await gradientOf('y[t] = [max(h[t])]', rows)).output).toEqual([Number.NaN]);
  expect((await gradientOf('y[t] = [min(h[t])]', rows)).output).toEqual([Number.NaN]);
  expect((await gradientOf('y[t] = max(h[t], 2)', rows)).output).toEqual([2, Number.NaN, 3]);
  expect((await gradientOf('y[t] = min(2, h[t])', rows)).output).toEqual([1, Number.NaN, 2]);
  expect((await gradientOf('y = max_s(h[s])', [[1], [Number.NaN]])).output).toEqual([Number.NaN]);
});

test('stopGradient hides what it holds, the past included', async () => {
  const through = 'r[t] = 2 * r[t-1] + h[t]\ny[t] = r[t]';
  const stopped = 'r[t] = 2 * stopGradient(r[t-1]) + h[t]\ny[t] = r[t]';
  const rows = [[1], [1], [1]];
  const declared = async (equations: string) => {
    const network = networkOf(equations, 1);
    const output = { ...network.output, shapes: { r: [1] } };
    const executable = await reference.compile({})({ ...network, output }, {});
    const { batch, state } = only(executable, rows, {});
    const outputGradient = { shape: [3, 1, 1], data: Float64Array.of(1, 1, 1) };
    const result = await executable.gradients(batch, state, { outputGradient });
    return { output: [...result.output.data], x: [...(result.inputs.x?.data ?? [])] };
  };
  expect(await declared(through)).toEqual({ output: [1, 3, 7], x: [7, 3, 1] });
  expect(await declared(stopped)).toEqual({ output: [1, 3, 7], x: [1, 1, 1] });
});
