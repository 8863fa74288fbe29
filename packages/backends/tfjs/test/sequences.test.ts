// Empty sequences, padding and neighbours: what stands beside a sequence or behind it changes no bit on the cpu device.
import { reference } from '@unrolled/backend-reference';
import type { Batch, EquationModule, GradientsResult, NetworkDescription, State, Tensors } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { describe, expect, test } from 'vitest';
import { compileOn, firstWeights } from './devices.ts';
import { idsBatch, reviewsNetwork } from './networks.ts';

const key = { seed: 5, update: 2 };
const ones = { init: 'uniform', minimum: -1, maximum: 1 } as const;

/** A device and the reference with the same weights. */
async function both(network: NetworkDescription, device: 'cpu' | 'wasm' = 'cpu') {
  const [ours, theirs] = [await compileOn(device, network), await reference.compile({})(network, {})];
  for (const executable of [ours, theirs]) await executable.write({ parameters: firstWeights(theirs) });
  return { ours, theirs };
}

test.each([
  ['ragged, empty ones among them', idsBatch([3, 0, 5, 1, 0])],
  ['all empty', idsBatch([0, 0], 1, 3)],
  ['without a step', idsBatch([0, 0])],
  ['without a sequence', idsBatch([], 0, 2)],
  ['longer than any sequence', idsBatch([2, 1], 1, 6)],
])('a batch %s gives what it gives on the reference', async (_, batch) => {
  const { ours, theirs } = await both(reviewsNetwork());
  const state = filledState(theirs.initialState(batch.size));
  const [found, wanted] = [await ours.gradients(batch, state, { key }), await theirs.gradients(batch, state, { key })];
  expectClose(found, wanted);
  const step = { key, learningRate: 0.1 };
  const [ourStep, theirStep] = [await ours.trainStep(batch, state, step), await theirs.trainStep(batch, state, step)];
  expect(relativeError([ourStep.gradientNorm], [theirStep.gradientNorm])).toBeLessThan(1e-5);
  closeAll((await ours.read()).parameters, (await theirs.read()).parameters);
  expect((await ours.read()).updates).toBe(1);
});

test('an empty sequence is seeded like any other', async () => {
  const { ours, theirs } = await both(reviewsNetwork());
  const batch = idsBatch([2, 0, 4]);
  const state = filledState(theirs.initialState(3));
  const finalStateGradient = Object.fromEntries(
    Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: data.map((_, i) => 1 + i) }]),
  );
  const outputGradient = { shape: [3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6) };
  const seeds = { key, outputGradient, finalStateGradient };
  expectClose(await ours.gradients(batch, state, seeds), await theirs.gradients(batch, state, seeds));
});

/** Equations without sizes of their own. */
function attending(equations: string, output: string, parameters: EquationModule['parameters']): EquationModule {
  const sizes = output === 'h' ? { units: 3 } : {};
  return { name: 'attend', equations, parameters, sizes, constants: {}, shapes: {}, initial: {}, output };
}

/** Equations of an answer, or of the second layer, that look at all steps at once. */
const attentions: readonly (readonly [string, 'output' | 'layer', EquationModule])[] = [
  [
    'an answer pooled by attention',
    'output',
    attending('a[s] = softmax_s(v · h[s])\np = sum_s(a[s] * h[s])\ny = Why @ p + by', 'y', {
      v: { init: ones },
      Why: { shape: [2, 'hidden'], init: ones },
      by: { init: ones },
    }),
  ],
  [
    'an answer pooled of steps that attend to each other',
    'output',
    attending('a[t,s] = softmax_s(h[t] · h[s])\nc[t] = sum_s(a[t,s] * h[s])\ny = Why @ max_s(c[s]) + by', 'y', {
      Why: { shape: [2, 'hidden'], init: ones },
      by: { init: ones },
    }),
  ],
  [
    'a loop that attends before each step',
    'layer',
    attending(
      'a[t,s] = softmax_s(v · tanh(U @ x[s] + W @ h[t-1]))\nh[t] = tanh(sum_s(a[t,s] * x[s]) + W @ h[t-1])',
      'h',
      {
        v: { shape: [3], init: ones },
        U: { shape: [3, 3], init: ones },
        W: { shape: [3, 3], init: ones },
      },
    ),
  ],
];

describe.each(['cpu', 'wasm'] as const)('nothing to attend to, on %s', (device) => {
  test.each(attentions)('%s', async (_, place, module) => {
    const plain = reviewsNetwork('forward');
    const layers = [...plain.layers.slice(0, 1), { module, direction: 'forward', dropout: {} } as const];
    const { ours, theirs } = await both(
      place === 'output' ? { ...plain, output: module } : { ...plain, layers },
      device,
    );
    for (const batch of [idsBatch([0, 4, 1]), idsBatch([0]), idsBatch([2, 0], 1, 5)]) {
      const state = filledState(theirs.initialState(batch.size));
      const outputGradient = {
        shape: [batch.size, 2],
        data: Float64Array.from({ length: 2 * batch.size }, (_, i) => i - 1),
      };
      for (const seeds of [{}, { outputGradient }, { outputGradient, finalStateGradient: state }])
        expectClose(
          await ours.gradients(batch, state, { key, ...seeds }),
          await theirs.gradients(batch, state, { key, ...seeds }),
        );
      const step = { key, learningRate: 0.1 };
      const norms = [await ours.trainStep(batch, state, step), await theirs.trainStep(batch, state, step)];
      expect(relativeError([norms[0]?.gradientNorm ?? Number.NaN], [norms[1]?.gradientNorm ?? 0])).toBeLessThan(1e-4);
    }
  });
});

describe('no bit changes', () => {
  test('by neighbours of padding alone', async () => {
    const { ours } = await both(reviewsNetwork());
    const batch = idsBatch([3, 5, 1]);
    const alone = await ours.gradients(batch, ours.initialState(3), { key });
    const wide = widened(batch, 60);
    const beside = await ours.gradients(wide, ours.initialState(63), { key });
    expect(beside.loss).toBe(alone.loss);
    expect(beside.parameters).toEqual(alone.parameters);
    expect([...beside.output.data.subarray(-6)]).toEqual([...alone.output.data]);
  });

  test('by more padding and by what stands in it', async () => {
    const { ours } = await both(reviewsNetwork());
    const batch = idsBatch([3, 5, 1]);
    const short = await ours.gradients(batch, ours.initialState(3), { key });
    const x = new Int32Array(9 * 3).fill(-1e6);
    for (let row = 0; row < 3; row++)
      for (let step = 0; step < (batch.lengths[row] as number); step++)
        x[step * 3 + row] = (batch.inputs.x as Int32Array)[step * 3 + row] as number;
    expect(await ours.gradients({ ...batch, time: 9, inputs: { x } }, ours.initialState(3), { key })).toEqual(short);
  });

  test('by NaN in the padding of inputs, targets and weights', async () => {
    const { ours } = await both(stepsNetwork());
    const batch = vectorsBatch([4, 2], 0);
    const clean = await ours.gradients(batch, ours.initialState(2), { key });
    expect(await ours.gradients(vectorsBatch([4, 2], Number.NaN), ours.initialState(2), { key })).toEqual(clean);
    expect(Number.isFinite(clean.loss)).toBe(true);
  });
});

test('outputs and traced values are 0 at padded steps', async () => {
  const { ours, theirs } = await both(stepsNetwork());
  const batch = vectorsBatch([3, 1, 0], 0);
  const { output } = await ours.forward(batch, ours.initialState(3), { mode: 'infer' });
  expect([...output.data.subarray(2 * 3, 3 * 3)]).toEqual([expect.any(Number), 0, 0]);
  const names = ['layers.0.zh', 'layers.0.h', 'output.y'];
  const [found, wanted] = [
    await ours.trace(batch, ours.initialState(3), names),
    await theirs.trace(batch, theirs.initialState(3), names),
  ];
  closeAll(found, wanted);
  expect(Object.keys(found)).toEqual(names);
});

test('a value with two indices is traced over the step, then the position, then the sequence', async () => {
  const attend: EquationModule = {
    name: 'attend',
    equations: 'e[t,s] = (h[t] · h[s]) * v\na[t,s] = softmax_s(e[t,s])\nw = 2 * v\ny[t] = sum_s(a[t,s] * h[s])',
    parameters: { v: { shape: [], init: ones } },
    sizes: {},
    constants: {},
    shapes: {},
    initial: {},
    output: 'y',
  };
  const network = { ...stepsNetwork(), output: attend };
  const { loss: _, ...silent } = network;
  const { ours, theirs } = await both(silent);
  const batch = vectorsBatch([3, 0, 2], 0);
  const names = ['output.a', 'output.y', 'output.w'];
  const [found, wanted] = [
    await ours.trace(batch, ours.initialState(3), names),
    await theirs.trace(batch, theirs.initialState(3), names),
  ];
  expect(found['output.a']?.shape).toEqual([3, 3, 3]);
  closeAll(found, wanted);
});

/** One vanilla layer over vectors, an answer at each step. */
function stepsNetwork(): NetworkDescription {
  const head: EquationModule = {
    name: 'head',
    equations: 'y[t] = Why @ h[t] + by',
    parameters: { Why: { shape: [1, 'hidden'], init: ones }, by: { init: ones } },
    sizes: {},
    constants: {},
    shapes: {},
    initial: {},
    output: 'y',
  };
  const [first] = reviewsNetwork().layers;
  const squares = { ...head, name: 'squares', equations: 'loss = sum((y - target)^2)', parameters: {}, output: 'loss' };
  return {
    language: 1,
    input: { kind: 'vectors', size: 2 },
    layers: first ? [first] : [],
    output: head,
    loss: squares,
    target: { kind: 'values', size: 1, per: 'step' },
  };
}

/** Sequences of vectors with a target at each step and `padding` behind them. */
function vectorsBatch(lengths: readonly number[], padding: number): Batch {
  const size = lengths.length;
  const time = Math.max(...lengths);
  const fill = (per: number) =>
    Float64Array.from({ length: time * size * per }, (_, at) => {
      const [step, row] = [Math.floor(at / (size * per)), Math.floor(at / per) % size];
      return step < (lengths[row] as number) ? ((at * 37) % 11) / 8 - 0.6 : padding;
    });
  return {
    size,
    time,
    inputs: { x: fill(2) },
    lengths: Int32Array.from(lengths),
    targets: fill(1),
    weights: fill(1),
    exampleIndex: Int32Array.from(lengths, (_, row) => row),
    start: new Int32Array(size),
  };
}

/** The same sequences behind `count` empty ones. */
function widened(batch: Batch, count: number): Batch {
  const size = batch.size + count;
  const x = new Int32Array(batch.time * size);
  for (let step = 0; step < batch.time; step++)
    x.set((batch.inputs.x as Int32Array).subarray(step * batch.size, (step + 1) * batch.size), step * size + count);
  const behind = <D extends Int32Array | Float64Array>(data: D, out: D): D => {
    out.set(data, count);
    return out;
  };
  return {
    ...batch,
    size,
    inputs: { x },
    lengths: behind(batch.lengths, new Int32Array(size)),
    targets: behind(batch.targets as Int32Array, new Int32Array(size)),
    weights: behind(batch.weights as Float64Array, new Float64Array(size).fill(1)),
    exampleIndex: behind(batch.exampleIndex, new Int32Array(size)),
    start: new Int32Array(size),
  };
}

function filledState(state: State): State {
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((_, i) => (name.endsWith('.count') ? 2 : 0.1 * ((i % 5) - 2))) },
    ]),
  );
}

function expectClose(found: GradientsResult, wanted: GradientsResult): void {
  closeAll({ output: found.output }, { output: wanted.output });
  expect(relativeError([found.loss], [wanted.loss])).toBeLessThan(1e-5);
  closeAll(found.state, wanted.state);
  closeAll(found.parameters, wanted.parameters);
  closeAll(found.inputs, wanted.inputs);
  closeAll(found.initialState, wanted.initialState);
}

function closeAll(found: Tensors, wanted: Tensors): void {
  for (const [name, { shape, data }] of Object.entries(wanted)) {
    expect(found[name]?.shape, name).toEqual(shape);
    expect(relativeError(found[name]?.data ?? [], data), name).toBeLessThan(1e-5);
  }
}
