// Derivatives where a function has a corner: conventions of the language, the same to the bit in every backend.
import type { Batch, Compile, Executable, NetworkDescription, State } from '@unrolled/core';
import { expect, test } from 'vitest';

type Row = readonly number[];

/** Answers and the slopes of their sum. */
interface Slopes {
  readonly output: Row;
  /** By the input h at each step. */
  readonly steps: readonly Row[];
  /** By the initial state. */
  readonly states: Readonly<Record<string, Row>>;
}

/** What a sequence starts from. */
interface Start {
  readonly state?: Readonly<Record<string, Row>>;
  readonly start?: number;
  /** Declared shapes of the head. */
  readonly shapes?: NetworkDescription['output']['shapes'];
}

/**
 * Registers a test for each convention.
 * @param losesNaN - why the backend's max and min of two values give the other one where one is a NaN, if they do.
 */
export function conventionSuite(compile: Compile, { losesNaN }: { readonly losesNaN?: string } = {}): void {
  const slopesOf = async (equations: string, rows: readonly Row[], start: Start = {}): Promise<Slopes> => {
    const size = (rows[0] as Row).length;
    const executable = await compile(networkOf(equations, size, start), {});
    const [batch, state] = [oneSequence(rows, start), startOf(executable, start)];
    const { shape, data } = (await executable.forward(batch, state, { mode: 'infer' })).output;
    const outputGradient = { shape, data: data.map(() => 1) };
    const { inputs, initialState } = await executable.gradients(batch, state, { outputGradient });
    executable.dispose();
    const x = [...(inputs.x?.data ?? [])];
    return {
      output: [...data],
      steps: rows.map((_, step) => x.slice(step * size, (step + 1) * size)),
      states: Object.fromEntries(Object.entries(initialState).map(([name, each]) => [name, [...each.data]])),
    };
  };
  const stepsOf = async (equations: string, rows: readonly Row[]) => (await slopesOf(equations, rows)).steps;
  const outputOf = async (equations: string, rows: readonly Row[]) => (await slopesOf(equations, rows)).output;

  test('relu has the slope 0 at 0', async () => {
    expect(await stepsOf('y[t] = relu(h[t])', [[-2, -0, 0, 3]])).toEqual([[0, 0, 0, 1]]);
  });

  test('abs has the slope 0 at 0', async () => {
    expect(await stepsOf('y[t] = abs(h[t])', [[-2, -0, 0, 3]])).toEqual([[-1, 0, 0, 1]]);
  });

  test.each(['max', 'min'])('where two values tie, %s chooses the first argument', async (name) => {
    const tie = await slopesOf(`y[t] = ${name}(2 * h[t][0:1], 5 * h[t][1:2] - 3 * h[t][0:1])`, [[1, 1]]);
    expect(tie).toMatchObject({ output: [2], steps: [[2, 0]] });
    expect(await stepsOf(`y[t] = ${name}(1, h[t])`, [[1]])).toEqual([[0]]);
    expect(await stepsOf(`y[t] = ${name}(h[t], 1)`, [[1]])).toEqual([[1]]);
  });

  test('a scalar beside a vector has the slopes of all elements where it is chosen', async () => {
    expect(await stepsOf('y[t] = max(h[t], sum(h[t]))', [[1, 2, -2]])).toEqual([[2, 2, 1]]);
  });

  test('where elements tie, max and min choose the first element', async () => {
    expect(await stepsOf('y[t] = [max(h[t])]', [[1, 3, 3, 2]])).toEqual([[0, 1, 0, 0]]);
    expect(await stepsOf('y[t] = [min(h[t])]', [[2, 1, 3, 1]])).toEqual([[0, 1, 0, 0]]);
    expect(await stepsOf('y[t] = [max(h[t][0:1]); h[t][1:2]]', [[1, 2]])).toEqual([[1, 1]]);
  });

  test('where steps tie, pooling by max and min chooses the first step, for each unit', async () => {
    const rows = [
      [1, 5],
      [4, 5],
      [4, 2],
      [1, 2],
    ];
    expect(await stepsOf('y = max_s(h[s])', rows)).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(await stepsOf('y = min_s(h[s])', rows)).toEqual([
      [1, 0],
      [0, 0],
      [0, 1],
      [0, 0],
    ]);
  });

  test('so does a second index', async () => {
    const { output, steps } = await slopesOf('e[t,s] = h[t] * h[s]\ny[t] = max_s(e[t,s])', [[1], [2], [2]]);
    expect(output).toEqual([2, 4, 4]);
    // y is h1 h2, h2 h2, h3 h2: the second step is chosen each time.
    expect(steps).toEqual([[2], [1 + 2 + 2 + 2], [2]]);
  });

  test('a tie with an earlier window goes to the earlier one', async () => {
    const state = { 'output.y.max': [4], 'output.y.count': [2] };
    const { output, steps, states } = await slopesOf('y = max_s(h[s])', [[1], [4]], { state, start: 2 });
    expect(output).toEqual([4]);
    expect(steps).toEqual([[0], [0]]);
    expect(states['output.y.max']).toEqual([1]);
  });

  test('where compares without a slope, and equal is not greater', async () => {
    const rows = [[-1], [0], [1]];
    expect(await stepsOf('y[t] = where(h[t] > 0, 2 * h[t], 3 * h[t])', rows)).toEqual([[3], [3], [2]]);
    expect(await stepsOf('y[t] = where(h[t] < 0, 2 * h[t], 3 * h[t])', rows)).toEqual([[2], [3], [3]]);
  });

  const rowWithNaN = [[1, Number.NaN, 3]];

  test('a NaN is the largest and the smallest element and step, so that it is seen', async () => {
    expect(await outputOf('y[t] = [max(h[t])]', rowWithNaN)).toEqual([Number.NaN]);
    expect(await outputOf('y[t] = [min(h[t])]', rowWithNaN)).toEqual([Number.NaN]);
    expect(await outputOf('y = max_s(h[s])', [[1], [Number.NaN]])).toEqual([Number.NaN]);
  });

  const ofTwo = 'a NaN is the larger and the smaller of two values';
  test.skipIf(losesNaN)(losesNaN ? `${ofTwo} (skipped: ${losesNaN})` : ofTwo, async () => {
    expect(await outputOf('y[t] = max(h[t], 2)', rowWithNaN)).toEqual([2, Number.NaN, 3]);
    expect(await outputOf('y[t] = min(2, h[t])', rowWithNaN)).toEqual([1, Number.NaN, 2]);
  });

  test('stopGradient hides what it holds, the past included', async () => {
    const rows = [[1], [1], [1]];
    const start = { shapes: { r: [1] } };
    expect(await slopesOf('r[t] = 2 * r[t-1] + h[t]\ny[t] = r[t]', rows, start)).toMatchObject({
      output: [1, 3, 7],
      steps: [[7], [3], [1]],
    });
    expect(await slopesOf('r[t] = 2 * stopGradient(r[t-1]) + h[t]\ny[t] = r[t]', rows, start)).toMatchObject({
      output: [1, 3, 7],
      steps: [[1], [1], [1]],
    });
  });
}

function networkOf(equations: string, size: number, { shapes = {} }: Start): NetworkDescription {
  return {
    language: 1,
    input: { kind: 'vectors', size },
    layers: [],
    output: { name: 'head', equations, parameters: {}, sizes: {}, constants: {}, shapes, initial: {}, output: 'y' },
    target: { kind: 'values', size, per: equations.includes('y[') ? 'step' : 'sequence' },
  };
}

function oneSequence(rows: readonly Row[], { start = 0 }: Start): Batch {
  return {
    size: 1,
    time: rows.length,
    inputs: { x: Float64Array.from(rows.flat()) },
    lengths: Int32Array.of(rows.length),
    exampleIndex: Int32Array.of(0),
    start: Int32Array.of(start),
  };
}

function startOf(executable: Executable, { state = {} }: Start): State {
  return Object.fromEntries(
    Object.entries(executable.initialState(1)).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float64Array.from(state[name] ?? data) },
    ]),
  );
}
