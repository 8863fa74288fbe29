// The number of threads, and whether there is shared memory at all, changes no bit.
import { createHash } from 'node:crypto';
import type { Batch, Executable, NetworkDescription, State, Tensors } from '@unrolled/core';
import { ThreadPool } from '@unrolled/wasm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { wasmBackend } from '../src/index.ts';
import { batchOf, bitsOf, embedding, layerOf, lstmLayer, moduleOf, networkOf, ragged, weightsOf } from './trials.ts';

const compile = wasmBackend();
const opened: Executable[] = [];
afterEach(() => {
  vi.unstubAllGlobals();
  for (const executable of opened.splice(0)) executable.dispose();
});

async function open(network: NetworkDescription, threads: number): Promise<Executable> {
  const executable = await compile(network, { threads });
  opened.push(executable);
  await executable.write({ parameters: weightsOf(executable) });
  return executable;
}

const dropout = { input: 0.3, inputSequence: 0.2, output: 0.25 };
const each: Pick<NetworkDescription, 'output' | 'target'> = {
  output: moduleOf('y[t] = Why @ h[t] + by', 'y', { Why: ['size', 'hidden'], by: undefined }, { sizes: { size: 3 } }),
  target: { kind: 'class', size: 3, per: 'step' },
};
const networks: Readonly<Record<string, NetworkDescription>> = {
  'two two-way layers over an embedding': networkOf({
    input: { kind: 'ids', vocabulary: 50, module: embedding },
    layers: [lstmLayer(36, { direction: 'both', dropout }), lstmLayer(28, { direction: 'both', dropout })],
  }),
  'one-hot input, an answer at each step': networkOf({
    input: { kind: 'ids', vocabulary: 90 },
    layers: [lstmLayer(60, { dropout: { output: 0.5 } }), lstmLayer(40)],
    ...each,
  }),
  'an encoder–decoder with attention': networkOf({
    input: { kind: 'ids', vocabulary: 50, module: embedding },
    source: {
      kind: 'encoder',
      input: { kind: 'ids', vocabulary: 40, module: embedding },
      layers: [lstmLayer(24, { direction: 'both', dropout })],
    },
    layers: [
      lstmLayer(40, { dropout, begin: moduleOf('h = tanh(Wb @ last_s(m[s]))', 'h', { Wb: undefined }) }),
      lstmLayer(40, { residual: true }),
    ],
    attention: moduleOf(
      `k[s] = Wa @ m[s]
       a[t,s] = softmax_s(h[t] · k[s])
       o[t] = tanh(Wc @ [h[t]; sum_s(a[t,s] * m[s])])`,
      'o',
      { Wa: undefined, Wc: [30, 88] },
    ),
    ...each,
  }),
  'an attention over all steps': networkOf({
    layers: [
      lstmLayer(48),
      layerOf(
        moduleOf(
          `e[t,s] = v · tanh(Wq @ q[t-1] + Wk @ x[s])
           a[t,s] = softmax_s(e[t,s])
           m[t] = sum_s(a[t,s] * x[s])
           q[t] = tanh(Wm @ m[t] + Wx @ x[t] + Wh @ q[t-1])`,
          'q',
          { v: [20], Wq: [20, 'units'], Wk: [20, 48], Wm: undefined, Wx: undefined, Wh: undefined },
          { sizes: { units: 40 } },
        ),
      ),
    ],
  }),
};

/** Steps with and without accumulation, gradients and predictions on batches of several sizes, and all weights in the end. */
async function trained(executable: Executable, network: NetworkDescription): Promise<string[]> {
  const hashes: string[] = [];
  const note = (...all: readonly (State | Tensors | number)[]): void => {
    hashes.push(
      createHash('sha256')
        .update(bitsOf(...all))
        .digest('hex'),
    );
  };
  let update = 0;
  const step = async (batch: Batch, accumulate: boolean): Promise<void> => {
    const key = { seed: 9, update: update++ };
    const state = executable.initialState(batch.size);
    const made = await executable.trainStep(batch, state, { key, learningRate: 0.01, accumulate });
    note({ output: made.output }, made.state, made.loss, made.gradientNorm);
  };
  for (const [size, time] of [
    [1, 130],
    [7, 60],
    [32, 31],
    [70, 12],
  ] as const) {
    const batch = batchOf(network, ragged(size, time), { name: `of ${size}` });
    await step(batch, false);
    await step(batch, true);
    await step(batchOf(network, ragged(3, 50), { name: 'small' }), false);
    const state = executable.initialState(size);
    const given = await executable.gradients(batch, state, { key: { seed: 2, update: 0 } });
    note({ output: given.output }, given.parameters, given.inputs, given.initialState, given.loss);
    const predicted = await executable.forward(batch, state, { mode: 'infer' });
    note({ output: predicted.output }, predicted.state, predicted.loss ?? 0);
  }
  const { parameters, optimizer, updates } = await executable.read();
  note(parameters, optimizer, updates);
  return hashes;
}

describe.each(Object.entries(networks))('%s', (_, network) => {
  test('1, 2 and 4 threads, and no shared memory, give the same bits', async () => {
    const alone = await trained(await open(network, 1), network);
    expect(new Set(alone).size).toBe(alone.length);
    expect(await trained(await open(network, 2), network)).toEqual(alone);
    expect(await trained(await open(network, 4), network)).toEqual(alone);
    vi.stubGlobal('SharedArrayBuffer', undefined);
    // Nobody else holds a pool of six, so this one is opened now, where it can have no workers.
    const pool = await ThreadPool.open({ threads: 6 });
    expect(pool.size).toBe(1);
    expect(await trained(await open(network, 6), network)).toEqual(alone);
  });
});

test('executables of one and of several threads work side by side', async () => {
  const network = networks['one-hot input, an answer at each step'] as NetworkDescription;
  const [one, two, four] = [await open(network, 1), await open(network, 2), await open(network, 4)];
  const batch = batchOf(network, ragged(32, 31));
  const step = async (executable: Executable): Promise<string> => {
    const key = { seed: 1, update: 0 };
    const { state, loss } = await executable.trainStep(batch, executable.initialState(32), { key, learningRate: 0.01 });
    return bitsOf(state, loss);
  };
  for (let round = 0; round < 3; round++) {
    const [first, ...others] = await Promise.all([one, two, four].map(step));
    expect(others).toEqual([first, first]);
  }
});
