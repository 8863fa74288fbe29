// A memory budget changes no bit: sequences in segments give what whole ones give, in less memory.
import type { Batch, Executable, NetworkDescription, State, Tensor, Tensors } from '@unrolled/core';
import { adamOptimizer } from '@unrolled/optimizers';
import { drawBatch, drawNetwork, drawParameters, drawState, drawTensor } from '@unrolled/random-networks';
import { manyToOneTask } from '@unrolled/task-many-to-one';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { wasmBackend } from '../src/index.ts';
import { keepThreads } from './keep-threads.ts';
import { batchOf, embedding, layerOf, lstmLayer, moduleOf, networkOf, weightsOf } from './trials.ts';
import { watched } from './watched.ts';

const compile = wasmBackend();
const opened: Executable[] = [];
afterEach(() => {
  for (const executable of opened.splice(0)) executable.dispose();
});

async function open(network: NetworkDescription, memory?: number, threads = 1): Promise<Executable> {
  const executable = await compile(network, { threads, ...(memory && { memory: String(Math.ceil(memory)) }) });
  opened.push(executable);
  return executable;
}

/** What a promise is refused with. */
async function refusal(promise: Promise<unknown>): Promise<{ code: string; message: string; data: { bytes: number } }> {
  return promise.then(
    () => expect.unreachable('it should be refused'),
    (error) => error,
  );
}

/** The least memory that batches of a shape can be trained in, and what they take without a bound. */
async function boundsOf(
  network: NetworkDescription,
  shape: { readonly size: number; readonly time: number },
  threads = 1,
) {
  const [bounded, free] = [await open(network, 1, threads), await open(network, undefined, threads)];
  const { data } = await refusal(bounded.summary?.(shape) as Promise<unknown>);
  return { least: data.bytes, whole: (await free.summary?.(shape))?.bytes.activations as number };
}

/** All numbers, named; a zero has no sign, since a gradient that is 0 may come about as 0 or −0. */
function numbersOf(results: object): Record<string, number[]> {
  const named: Record<string, number[]> = {};
  const visit = (name: string, value: unknown): void => {
    if (typeof value === 'number') named[name] = [value + 0];
    else if (ArrayBuffer.isView(value)) named[name] = Array.from(value as Float32Array, (number) => number + 0);
    else if (value) for (const [key, each] of Object.entries(value)) visit(`${name}/${key}`, each);
  };
  visit('', results);
  return named;
}

/** Predictions, gradients and several steps of Adam, with states in between and a gradient that waits. */
async function trained(executable: Executable, batch: Batch): Promise<Record<string, number[]>> {
  await executable.write({ parameters: weightsOf(executable) });
  const state = filled(executable.initialState(batch.size));
  const key = (update: number) => ({ seed: 3, update });
  const step = (update: number, accumulate = false) =>
    executable.trainStep(batch, state, { key: key(update), learningRate: 0.01, accumulate, statesAt: [0, 33, 500] });
  const steps = [await step(0), await step(1), await step(2, true), await step(3)];
  const trains = await executable.forward(batch, state, { mode: 'train', key: key(4), statesAt: [50] });
  const { targets: _, weights: __, ...silent } = batch;
  const predicts = await executable.forward(silent, state, { mode: 'infer' });
  const gradients = await executable.gradients(batch, state, {
    key: key(5),
    outputGradient: { ...predicts.output, data: filled({ output: predicts.output }).output?.data as Float32Array },
    finalStateGradient: filled(state),
  });
  return numbersOf({ steps, trains, predicts, gradients, snapshot: await executable.read() });
}

/** Numbers in place of those that are there. */
function filled<T extends State | Tensors>(tensors: T): T {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]): [string, Tensor] => [
      name,
      { shape, data: Float32Array.from(data, (_, i) => (/count/.test(name) ? 3 : ((i * 37) % 19) / 25 - 0.3)) },
    ]),
  ) as T;
}

const sizes = { sizes: { size: 3 } };
const networks: Readonly<Record<string, NetworkDescription>> = {
  'one layer, last step': networkOf(),
  'two layers, mean': networkOf({ layers: [lstmLayer(12), lstmLayer(8)], output: manyToOneTask(3, { pool: 'mean' }) }),
  'embedding, dropout of steps and sequences, largest': networkOf({
    input: { kind: 'ids', vocabulary: 40, module: embedding },
    layers: [
      lstmLayer(8, { dropout: { input: 0.3, inputSequence: 0.2, output: 0.25 } }),
      lstmLayer(12, { dropout: { inputSequence: 0.4 } }),
    ],
    output: manyToOneTask(3, { pool: 'max', dropout: 0.3 }),
  }),
  'one-hot input, a loss at each step': networkOf({
    input: { kind: 'ids', vocabulary: 30 },
    layers: [lstmLayer(8, { dropout: { output: 0.5 } })],
    output: moduleOf('y[t] = Why @ h[t] + by', 'y', { Why: ['size', 'hidden'], by: undefined }, sizes),
    target: { kind: 'class', size: 3, per: 'step' },
  }),
  'wide enough for threads to share': networkOf({ layers: [lstmLayer(64), lstmLayer(48)] }),
  'learned first states, the number of the step, a weight that several lines share': networkOf({
    layers: [
      layerOf(
        moduleOf(
          'c[t] = 0.5 * c[t-1] + tanh(W @ x[t] + a * sin(0.1 * t))\nh[t] = tanh(a * c[t] + U @ h[t-1] + V @ c[t])',
          'h',
          { W: undefined, a: [8], U: undefined, V: undefined },
          { sizes: { units: 8 }, initial: { h: 'learned', c: 'learned' } },
        ),
      ),
    ],
    output: moduleOf(
      'z[t] = tanh(g * h[t])\np = mean_s(z[s]) + sqrt(0.01 + max_s(z[s])^2)\ny = Why @ (g * p) + by',
      'y',
      { g: [8], Why: ['size', 8], by: undefined },
      sizes,
    ),
  }),
};

/** What each network gives whole, with one thread. */
const whole = new Map<string, Promise<Record<string, number[]>>>();

describe.each([1, 2])('with %i threads', (threads) => {
  keepThreads(threads);
  test.each(Object.entries(networks))('%s', async (name, network) => {
    const lengths = [150, 150, 0, 31, 32, 33, 64, 97, 1, 140];
    const batch = batchOf(network, lengths, { time: 152 });
    const { least, whole: most } = await boundsOf(network, { size: lengths.length, time: 150 }, threads);
    const wanted = whole.get(name) ?? trained(await open(network), batch);
    whole.set(name, wanted);
    for (const budget of [least, 1.03 * least, (least + most) / 2]) {
      const executable = await open(network, budget, threads);
      const { recomputedSteps } = (await executable.summary?.({ size: lengths.length, time: 150 })) ?? {};
      expect(recomputedSteps).toBeGreaterThan(0);
      expect(await trained(executable, batch)).toEqual(await wanted);
    }
  });
});

test('random networks that stream', async () => {
  let inSegments = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const network = { ...drawNetwork(g, true), optimizer: adamOptimizer({}), clip: { norm: 1 } };
      const length = fc.noBias(fc.oneof(fc.integer({ min: 0, max: 140 }), fc.constantFrom(0, 32, 64, 140)));
      const batch = drawBatch(g, network, g(fc.array, length, { minLength: 3, maxLength: 7 }));
      const whole = await open(network);
      const parameters = await drawParameters(g, whole);
      const state = drawState(g, whole, batch.size);
      const shape = [...(network.target.per === 'step' ? [batch.time] : []), batch.size, network.target.size];
      const seeds = {
        outputGradient: drawTensor(g, shape),
        finalStateGradient: Object.fromEntries(
          Object.entries(state).map(([name, tensor]) => [name, drawTensor(g, tensor.shape)]),
        ),
      };
      const options = { key: { seed: 7, update: 3 }, ...(g(fc.boolean) && seeds) };
      const tooSmall = await refusal((await open(network, 1)).gradients(batch, state, options));
      expect(tooSmall.code).toBe('MEMORY_BUDGET');
      if (!/at once are the least/.test(tooSmall.message)) return;
      const bounded = await open(network, tooSmall.data.bytes + g(fc.constantFrom, 0, 300, 3000));
      await bounded.write({ parameters });
      const [wanted, found] = [whole, bounded].map(async (each) => [
        await each.gradients(batch, state, options),
        await each.trainStep(batch, state, { key: { seed: 1, update: 0 }, learningRate: 0.01 }),
        await each.forward(batch, state, { mode: 'train', key: { seed: 1, update: 1 } }),
        await each.read(),
      ]);
      expect(numbersOf(await (found as Promise<object>))).toEqual(numbersOf(await (wanted as Promise<object>)));
      inSegments++;
      for (const executable of opened.splice(0)) executable.dispose();
    }),
    { numRuns: 25, seed: 11, endOnFailure: true },
  );
  expect(inSegments).toBeGreaterThan(17);
});

describe('memory', () => {
  const shapes = [
    { units: 16, size: 4, time: 400 },
    { units: 64, size: 16, time: 200 },
    { units: 48, size: 33, time: 150 },
    { units: 128, size: 1, time: 1200 },
    { units: 32, size: 20, time: 300, vocabulary: 5000 },
  ];
  test.each(shapes)('what is predicted is what is taken: %j', async ({ units, size, time, vocabulary }) => {
    const input: NetworkDescription['input'] = vocabulary
      ? { kind: 'ids', vocabulary, module: embedding }
      : { kind: 'vectors', size: 24 };
    const network = networkOf({ input, layers: [lstmLayer(units)] });
    const { least, whole } = await boundsOf(network, { size, time });
    const measured: number[] = [];
    for (const memory of [undefined, (least + whole) / 3, 1.1 * least]) {
      const { executable, bytes } = await watched(network, {
        threads: 1,
        ...(memory && { memory: `${Math.ceil(memory)}B` }),
      });
      opened.push(executable);
      const predicted = (await executable.summary?.({ size, time }))?.bytes.peak as number;
      const before = bytes();
      const batch = batchOf(network, new Array<number>(size).fill(time));
      const step = { key: { seed: 1, update: 0 }, learningRate: 0.01 };
      for (let update = 0; update < 2; update++) await executable.trainStep(batch, executable.initialState(size), step);
      expect(Math.abs(predicted / bytes() - 1)).toBeLessThan(0.1);
      if (memory !== undefined) expect(bytes() - before).toBeLessThan(memory + 2 * 65536);
      measured.push(bytes());
    }
    expect(measured[1]).toBeLessThan(measured[0] as number);
    expect(measured[2]).toBeLessThanOrEqual(measured[1] as number);
  });

  test('a summary counts what belongs to the network', async () => {
    const executable = await open(networkOf());
    // Four gates of 8 units over 6 inputs and 8 states, with biases, and 3 classes.
    const parameters = 4 * 8 * (6 + 8 + 1) + 3 * (8 + 1);
    const summary = await executable.summary?.({ size: 2, time: 5 });
    expect(summary).toMatchObject({ parameters, recomputedSteps: 0 });
    expect(summary?.bytes).toMatchObject({ parameters: 4 * parameters, optimizer: 8 * parameters });
  });

  test('a network without a loss is summed up as it predicts', async () => {
    const { loss: _, optimizer: __, ...network } = networkOf();
    const { least, whole } = await boundsOf(network, { size: 4, time: 300 });
    expect(least).toBeLessThan(whole / 3);
    const summary = await (await open(network, least)).summary?.({ size: 4, time: 300 });
    expect(summary?.recomputedSteps).toBe(0);
  });
});

describe('what cannot be bounded says so', () => {
  const batchFor = (network: NetworkDescription) => batchOf(network, [90, 200, 40]);
  const step = (executable: Executable, batch: Batch) =>
    executable.trainStep(batch, executable.initialState(batch.size), {
      key: { seed: 1, update: 0 },
      learningRate: 0.1,
    });

  test('a layer that runs backward', async () => {
    const network = networkOf({ layers: [lstmLayer(8), lstmLayer(8, { direction: 'both' })] });
    const error = await refusal(step(await open(network, 20000), batchFor(network)));
    expect(error.code).toBe('MEMORY_BUDGET');
    expect(error.message).toMatch(
      /3 sequences of up to 200 steps needs [\d.]+KB .* 20KB\. Layer 1 \(lstm\) runs backward/,
    );
    await step(await open(network, error.data.bytes), batchFor(network));
  });

  test('an encoder', async () => {
    const source = { kind: 'encoder', input: { kind: 'vectors', size: 6 }, layers: [lstmLayer(8)] } as const;
    const network = networkOf({ source });
    const error = await refusal(step(await open(network, 20000), batchFor(network)));
    expect(error.code).toBe('MEMORY_BUDGET');
    expect(error.message).toMatch(/The encoder reads its whole source before the first step/);
    await step(await open(network, error.data.bytes), batchFor(network));
  });

  test('weights with a mask of each sequence', async () => {
    const module = moduleOf(
      'h[t] = tanh(W @ x[t] + dropoutSequence(U, 0.5) @ h[t-1])',
      'h',
      { W: undefined, U: ['units', 'units'] },
      { sizes: { units: 8 } },
    );
    const network = networkOf({ layers: [layerOf(module)] });
    const executable = await open(network, 20000);
    const error = await refusal(step(executable, batchFor(network)));
    expect(error.code).toBe('MEMORY_BUDGET');
    expect(error.message).toMatch(/The gradient of "layers\.0\.U" is summed over the steps of each sequence/);
    const batch = batchFor(network);
    const predicted = await executable.forward(batch, executable.initialState(3), { mode: 'infer' });
    expect(predicted.output.shape).toEqual([3, 3]);
  });

  test('less than one group of steps', async () => {
    const network = networkOf();
    // Sums over steps are of 256 terms, so of 85 steps of 3 sequences.
    const error = await refusal(step(await open(network, 2000), batchFor(network)));
    expect(error.code).toBe('MEMORY_BUDGET');
    expect(error.message).toMatch(/85 steps at once are the least/);
    await step(await open(network, error.data.bytes), batchFor(network));
    await expect(step(await open(network, error.data.bytes - 64), batchFor(network))).rejects.toMatchObject({
      code: 'MEMORY_BUDGET',
    });
  });

  test('an amount that is none', async () => {
    await expect(compile(networkOf(), { memory: 'plenty' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});
