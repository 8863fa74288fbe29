// What an executable keeps, gives back and refuses, beyond what every backend is asked for.
import {
  type Batch,
  type EquationModule,
  type Executable,
  initialise,
  isUnrolledError,
  type NetworkDescription,
  type Tensors,
} from '@unrolled/core';
import { squaredError } from '@unrolled/losses';
import { adam, sgd } from '@unrolled/optimizers';
import { describe, expect, test } from 'vitest';
import { reference } from '../src/index.ts';

function moduleOf(equations: string, output: string, parts: Partial<EquationModule> = {}): EquationModule {
  const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
  return { ...bare, name: output, equations, output, ...parts };
}

const zeros = { init: { init: 'zeros' } } as const;
const cell = moduleOf('h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1])', 'h', {
  parameters: { Wxh: zeros, Whh: zeros },
  sizes: { units: 2 },
});
const base: NetworkDescription = {
  language: 1,
  input: { kind: 'vectors', size: 2 },
  layers: [{ module: cell, direction: 'forward', dropout: { output: 0.3 } }],
  output: moduleOf('p = mean_s(h[s])\ny = p', 'y'),
  loss: squaredError.module({}),
  target: { kind: 'values', size: 2, per: 'sequence' },
  optimizer: adam.module(adam.options.defaults),
};

async function compiled(parts: Partial<NetworkDescription> = {}): Promise<Executable> {
  const executable = await reference.compile({})({ ...base, ...parts }, {});
  const drawn = executable.parameters.map(({ name, shape }) => [name, { shape, data: numbers(name, shape) }]);
  await executable.write({ parameters: Object.fromEntries(drawn) });
  return executable;
}

function numbers(name: string, shape: readonly number[]): Float64Array {
  return initialise({ name, shape, init: { init: 'uniform', minimum: -1, maximum: 1 } }, 8);
}

function batchOf(name: string, lengths: readonly number[] = [3, 0, 1]): Batch {
  const [size, time] = [lengths.length, 3];
  return {
    size,
    time,
    inputs: { x: numbers(name, [time, size, 2]) },
    lengths: Int32Array.from(lengths),
    targets: numbers(`${name} target`, [size, 2]),
    weights: new Float64Array(size).fill(1 / size),
    exampleIndex: Int32Array.from(lengths, (_, row) => row),
    start: new Int32Array(size),
  };
}

/** Training steps number `from` up to `to`; every third one accumulates. */
async function train(executable: Executable, from: number, to: number): Promise<void> {
  for (let step = from; step < to; step++) {
    const batch = batchOf(`step ${step}`);
    await executable.trainStep(batch, executable.initialState(batch.size), {
      key: { seed: 3, update: step },
      learningRate: 0.05,
      accumulate: step % 3 === 1,
    });
  }
}

async function messageOf(act: () => unknown, code: string): Promise<string> {
  try {
    await act();
  } catch (error) {
    expect(isUnrolledError(error, code), String(error)).toBe(true);
    return (error as Error).message;
  }
  return 'no mistake';
}

test('what is read and written elsewhere goes on to the same bits, gradients that wait included', async () => {
  const [one, other] = [await compiled(), await compiled()];
  await train(one, 0, 5);
  const snapshot = await one.read();
  expect(Object.keys(snapshot.accumulated)).toEqual(['layers.0.Wxh', 'layers.0.Whh']);
  expect(Object.keys(snapshot.optimizer)).toEqual([
    'm/layers.0.Wxh',
    'v/layers.0.Wxh',
    'm/layers.0.Whh',
    'v/layers.0.Whh',
  ]);
  expect(snapshot.updates).toBe(3);
  await other.write(snapshot);
  await train(one, 5, 9);
  await train(other, 5, 9);
  expect(await other.read()).toEqual(await one.read());
});

test('results are the caller’s own: a later call changes none', async () => {
  const executable = await compiled();
  const batch = batchOf('first');
  const state = executable.initialState(3);
  const first = await executable.gradients(batch, state, {});
  const kept = structuredClone(first);
  await executable.gradients(batchOf('second'), state, {});
  await train(executable, 0, 3);
  expect(first).toEqual(kept);
});

describe('a loss or a norm that is not finite', () => {
  const options = { key: { seed: 1, update: 0 }, learningRate: 0.1 };

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e200])('from a target of %s changes nothing', async (value) => {
    const executable = await compiled();
    await train(executable, 0, 3);
    const before = await executable.read();
    const batch = batchOf('bad');
    batch.targets?.fill(value);
    const { loss, gradientNorm } = await executable.trainStep(batch, executable.initialState(3), options);
    expect([Number.isFinite(loss), Number.isFinite(gradientNorm)]).not.toEqual([true, true]);
    expect(await executable.read()).toEqual(before);
  });

  test('in a window that waits spoils the sum, which is dropped', async () => {
    const executable = await compiled();
    const before = await executable.read();
    const bad = batchOf('bad');
    bad.targets?.fill(Number.NaN);
    await executable.trainStep(bad, executable.initialState(3), { ...options, accumulate: true });
    expect((await executable.read()).accumulated).not.toEqual({});
    const { gradientNorm } = await executable.trainStep(batchOf('good'), executable.initialState(3), options);
    expect(gradientNorm).toBeNaN();
    expect(await executable.read()).toEqual(before);
  });
});

describe('optimizers', () => {
  const start = [0.5, -1, 2];
  /** Three weights, and two updates whose gradient is the same each time. */
  const trained = async (equations: string): Promise<readonly (readonly number[])[]> => {
    const executable = await compiled({
      layers: [],
      output: moduleOf('y = b + 0 * sum(mean_s(h[s]))', 'y', { parameters: { b: { ...zeros, shape: [3] } } }),
      loss: moduleOf('loss = sum(y * target)', 'loss'),
      target: { kind: 'values', size: 3, per: 'sequence' },
      optimizer: moduleOf(equations, 'w'),
    });
    await executable.write({ parameters: { 'output.b': { shape: [3], data: Float64Array.from(start) } } });
    const batch = { ...batchOf('x', [1]), targets: Float64Array.of(1, 2, 4), weights: Float64Array.of(1) };
    const weights: number[][] = [];
    for (let update = 0; update < 3; update++) {
      await executable.trainStep(batch, executable.initialState(1), { key: { seed: 1, update }, learningRate: 0.5 });
      weights.push([...((await executable.read()).parameters['output.b']?.data ?? [])]);
    }
    return weights;
  };

  test('a state may hold the one before of another, in either order', async () => {
    const [first, second] = [
      [0.5, -1, 2],
      [0, -2, 0],
    ];
    // The gradient is [1, 2, 4]; what is applied is that of the update before.
    const expected = [first, second, second.map((value, i) => value - 0.5 * ([1, 2, 4][i] as number))];
    expect(await trained('old[t] = m[t-1]\nm[t] = g[t]\nw[t] = w[t-1] - rate * old[t]')).toEqual(expected);
    expect(await trained('m[t] = g[t]\nold[t] = m[t-1]\nw[t] = w[t-1] - rate * old[t]')).toEqual(expected);
  });

  test('t counts updates from 1', async () => {
    expect(await trained('w[t] = w[t-1] - t * g[t]')).toEqual([
      [-0.5, -3, -2],
      [-2.5, -7, -10],
      [-5.5, -13, -22],
    ]);
  });

  test('a parameter of many blocks is updated to its last element', async () => {
    const vocabulary = 5003;
    const executable = await compiled({
      input: {
        kind: 'ids',
        vocabulary,
        module: moduleOf('e[t] = Eᵀ @ x[t]', 'e', { parameters: { E: { ...zeros, shape: ['vocabulary', 2] } } }),
      },
      optimizer: sgd.module(sgd.options.defaults),
      clip: { value: 0.02, norm: 0.03 },
    });
    const before = (await executable.read()).parameters;
    const batch = { ...batchOf('ids', [3]), inputs: { x: Int32Array.of(0, 2047, vocabulary - 1) } };
    const { parameters } = await executable.gradients(batch, executable.initialState(1), {
      key: { seed: 2, update: 0 },
    });
    const { gradientNorm } = await executable.trainStep(batch, executable.initialState(1), {
      key: { seed: 2, update: 0 },
      learningRate: 1,
    });
    const clamped = (value: number) => Math.max(-0.02, Math.min(0.02, value));
    const norm = (change: (value: number) => number) => {
      let squares = 0;
      for (const { data } of Object.values(parameters)) for (const value of data) squares += change(value) ** 2;
      return Math.sqrt(squares);
    };
    expect(gradientNorm).toBeCloseTo(
      norm((value) => value),
      14,
    );
    expect(norm(clamped)).toBeGreaterThan(0.03);
    const after = (await executable.read()).parameters;
    for (const [name, { data }] of Object.entries(parameters)) {
      const expected = data.map((value, i) => (before[name]?.data[i] ?? 0) - clamped(value) * (0.03 / norm(clamped)));
      expect(after[name]?.data, name).toEqual(expected);
    }
  });
});

test('traces a value with two indices by step, position and sequence', async () => {
  const attending = moduleOf('e[t,s] = x[t] * x[s]\nh[t] = sum_s(e[t,s])', 'h', { sizes: { units: 2 } });
  const executable = await compiled({ layers: [{ module: attending, direction: 'forward', dropout: {} }] });
  const batch = batchOf('trace', [2, 3]);
  const traced = await executable.trace(batch, executable.initialState(2), ['layers.0.e', 'layers.0.h', 'output.p']);
  expect(Object.values(traced).map(({ shape }) => shape)).toEqual([
    [3, 3, 2, 2],
    [3, 2, 2],
    [2, 2],
  ]);
  const x = batch.inputs.x as Float64Array;
  const at = (step: number, row: number, unit: number) => x[(step * 2 + row) * 2 + unit] as number;
  const expected: number[] = [];
  for (let t = 0; t < 3; t++)
    for (let s = 0; s < 3; s++)
      for (const row of [0, 1])
        for (const unit of [0, 1])
          expected.push(Math.max(t, s) < (batch.lengths[row] as number) ? at(t, row, unit) * at(s, row, unit) : 0);
  expect([...(traced['layers.0.e']?.data ?? [])]).toEqual(expected);
});

test('gives the states after any numbers of steps, in the order asked for', async () => {
  const executable = await compiled();
  const batch = batchOf('states');
  const state = { ...executable.initialState(3), 'layers.0.h': { shape: [3, 2], data: numbers('h', [3, 2]) } };
  const options = { mode: 'train', key: { seed: 4, update: 1 } } as const;
  const { state: final, intermediate = [] } = await executable.forward(batch, state, {
    ...options,
    statesAt: [9, 0, 1, 1],
  });
  const lengths = batch.lengths.map((length) => Math.min(length, 1));
  const one = (await executable.forward({ ...batch, lengths }, state, options)).state;
  expect(intermediate).toEqual([final, state, one, one]);
});

describe('refuses', () => {
  const snapshotOf = (tensors: Tensors) => ({ parameters: tensors });
  const wrong = { shape: [2], data: Float64Array.of(1, 2) };
  const right = { shape: [2, 2], data: new Float64Array(4) };

  test.each([
    [
      snapshotOf({ 'layers.0.Wxh': right, 'layers.0.none': right }),
      'PARAMETER_UNKNOWN',
      'There is no parameter "layers.0.none"; there are layers.0.Wxh, layers.0.Whh.',
    ],
    [
      snapshotOf({ 'layers.0.Wxh': right, 'layers.0.Whh': wrong }),
      'SHAPE_MISMATCH',
      'The parameter "layers.0.Whh" has shape [2, 2], but [2] with 2 numbers was given.',
    ],
    [
      snapshotOf({ 'layers.0.Whh': { shape: [2, 2], data: new Float64Array(3) } }),
      'SHAPE_MISMATCH',
      'The parameter "layers.0.Whh" has shape [2, 2], but [2, 2] with 3 numbers was given.',
    ],
    [
      { ...snapshotOf({ 'layers.0.Wxh': right }), optimizer: { 'm/layers.0.Why': right } },
      'PARAMETER_UNKNOWN',
      'There is no optimizer state "m/layers.0.Why"; there are m/layers.0.Wxh, v/layers.0.Wxh, m/layers.0.Whh, v/layers.0.Whh.',
    ],
    [
      { ...snapshotOf({ 'layers.0.Wxh': right }), optimizer: { 'm/layers.0.Wxh': { ...right, shape: [4] } } },
      'SHAPE_MISMATCH',
      'The optimizer state "m/layers.0.Wxh" has shape [2, 2], but [4] with 4 numbers was given.',
    ],
    [
      { ...snapshotOf({ 'layers.0.Wxh': right }), accumulated: { 'layers.0.Wxh': wrong } },
      'SHAPE_MISMATCH',
      'The gradient "layers.0.Wxh" has shape [2, 2], but [2] with 2 numbers was given.',
    ],
    [
      { ...snapshotOf({ 'layers.0.Wxh': right }), updates: -1 },
      'SNAPSHOT_INVALID',
      '-1 is no number of updates; a whole number from 0 is.',
    ],
  ])('%j, and writes none of it', async (snapshot, code, message) => {
    const executable = await compiled();
    await train(executable, 0, 2);
    const before = await executable.read();
    expect(await messageOf(() => executable.write(snapshot), code)).toContain(message);
    expect(await executable.read()).toEqual(before);
  });

  test('gradients of another shape than what they are of', async () => {
    const executable = await compiled();
    const [batch, state] = [batchOf('seeds'), executable.initialState(3)];
    const ask = (options: Parameters<Executable['gradients']>[2]) => () => executable.gradients(batch, state, options);
    expect(await messageOf(ask({ outputGradient: wrong }), 'SHAPE_MISMATCH')).toContain(
      'The gradient "output" has shape [3, 2], but [2] with 2 numbers was given.',
    );
    expect(await messageOf(ask({ finalStateGradient: { 'layers.0.h': wrong } }), 'SHAPE_MISMATCH')).toContain(
      'The gradient of final state "layers.0.h" has shape [3, 2], but [2] with 2 numbers was given.',
    );
    expect(await messageOf(ask({ finalStateGradient: { h: wrong } }), 'PARAMETER_UNKNOWN')).toContain(
      'There is no gradient of final state "h"; there are layers.0.h, output.p.sum, output.p.count.',
    );
  });

  test('what a call lacks', async () => {
    const { loss: _, optimizer: __, ...bare } = base;
    const executable = await reference.compile({})(bare, {});
    const { targets: ___, weights: ____, ...silent } = batchOf('lacking');
    const state = executable.initialState(3);
    const options = { key: { seed: 1, update: 0 }, learningRate: 1 };
    expect(await messageOf(() => executable.forward(silent, state, { mode: 'train' }), 'KEY_MISSING')).toContain(
      'infer',
    );
    expect(await messageOf(() => executable.trainStep(silent, state, options), 'OPTIMIZER_MISSING')).toContain(
      'predict',
    );
    const trainable = await compiled();
    const lacking = () => trainable.trainStep(silent, trainable.initialState(3), options);
    expect(await messageOf(lacking, 'BATCH_WITHOUT_TARGETS')).toContain('targets and weights');
    expect(await messageOf(() => executable.trace(silent, state, ['layers.0.z']), 'TRACE_UNKNOWN')).toContain(
      'There is no value "layers.0.z" to trace; there are layers.0.h, output.p, output.y.',
    );
    const compile = () => reference.compile({})(bare, { precision: 'float32' });
    expect(await messageOf(compile, 'BACKEND_UNSUPPORTED')).toContain('float64');
  });

  test('every call once it is disposed, and may be disposed twice', async () => {
    const executable = await compiled();
    const [batch, state] = [batchOf('gone'), executable.initialState(3)];
    executable.dispose();
    executable.dispose();
    const options = { key: { seed: 1, update: 0 }, learningRate: 1 };
    for (const call of [
      () => executable.initialState(1),
      () => executable.forward(batch, state, { mode: 'infer' }),
      () => executable.gradients(batch, state, {}),
      () => executable.trainStep(batch, state, options),
      () => executable.trace(batch, state, []),
      () => executable.read(),
      () => executable.write({}),
    ])
      expect(await messageOf(call, 'EXECUTABLE_DISPOSED')).toBe(
        'This executable was disposed. Compile the network again.',
      );
  });
});

test('without targets there is no loss, and gradients are of what is given alone', async () => {
  const executable = await compiled();
  const { targets: _, weights: __, ...silent } = batchOf('silent');
  const state = executable.initialState(3);
  expect('loss' in (await executable.forward(silent, state, { mode: 'infer' }))).toBe(false);
  const { loss, parameters } = await executable.gradients(silent, state, {});
  expect(loss).toBe(0);
  for (const { data } of Object.values(parameters)) expect(data.every((value) => value === 0)).toBe(true);
});
