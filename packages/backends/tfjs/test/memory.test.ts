// Tensors are freed: their number is the same before and after every call, whether it succeeds or throws, and after dispose.
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '@unrolled/backend-reference';
import { beginStreams, type EquationModule, type Executable, type NetworkDescription } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { sgd } from '@unrolled/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileOn, firstWeights } from './devices.ts';
import { idsBatch, reviewsNetwork } from './networks.ts';

const network: NetworkDescription = { ...reviewsNetwork(), clip: { value: 0.1, norm: 0.2 } };
const batch = idsBatch([4, 0, 2]);
const key = { seed: 1, update: 0 };
const wrong = { shape: [3, 5], data: new Float64Array(15) };

/** Calls that succeed, and calls that fail. */
const calls: readonly (readonly [string, (executable: Executable) => Promise<unknown>])[] = [
  ['forward', (e) => e.forward(batch, e.initialState(3), { mode: 'train', key, statesAt: [0, 1, 3] })],
  ['gradients', (e) => e.gradients(batch, e.initialState(3), { key })],
  ['gradients with seeds', (e) => e.gradients(batch, e.initialState(3), { finalStateGradient: e.initialState(3) })],
  ['trainStep', (e) => e.trainStep(batch, e.initialState(3), { key, learningRate: 0.1, statesAt: [1] })],
  ['trace', (e) => e.trace(batch, e.initialState(3), ['layers.0.h', 'layers.1.forward.c', 'output.y'])],
  ['read', (e) => e.read()],
  ['write', async (e) => e.write(await e.read())],
  ['a wrong batch', (e) => fails(e.forward({ ...batch, size: 2 }, e.initialState(2), { mode: 'infer' }))],
  ['a wrong state', (e) => fails(e.gradients(batch, e.initialState(2), {}))],
  ['a wrong seed', (e) => fails(e.gradients(batch, e.initialState(3), { outputGradient: wrong }))],
  ['an unknown trace', (e) => fails(e.trace(batch, e.initialState(3), ['layers.0.h', 'layers.0.nothing']))],
  ['a wrong write', (e) => fails(e.write({ parameters: { ...firstWeights(e), 'output.by': wrong } }))],
  ['an unknown state', (e) => fails(e.write({ parameters: firstWeights(e), optimizer: { 'q/output.by': wrong } }))],
  ['a wrong count', (e) => fails(e.write({ parameters: firstWeights(e), updates: 0.5 }))],
  [
    'a missing operation, forward',
    (e) => without('Tanh', () => e.forward(batch, e.initialState(3), { mode: 'infer' })),
  ],
  ['a missing operation, trainStep', (e) => without('Sigmoid', () => train(e))],
  ['a missing operation, backward', (e) => without('ScatterNd', () => train(e))],
  ['a missing operation, update', (e) => without('ClipByValue', () => train(e))],
];

describe.each(['cpu', 'wasm'] as const)('on %s', (device) => {
  test.each(calls)('%s', async (_, call) => {
    const { memory } = tf;
    const first = await compileOn(device, network);
    first.dispose();
    const begin = memory().numTensors;
    const executable = await compileOn(device, network);
    await executable.write({ parameters: firstWeights(executable) });
    const before = memory().numTensors;
    expect(before).toBeGreaterThan(begin);
    for (let i = 0; i < 3; i++) {
      await call(executable);
      expect(memory().numTensors).toBe(before);
    }
    executable.dispose();
    expect(memory().numTensors).toBe(begin);
  });

  test.each([
    ['optimizer', { optimizer: { ...(network.optimizer as EquationModule), equations: 'w[t] = sum(g[t])' } }],
    ['output', { output: { ...network.output, equations: 'y = Why @ nothing[t]' } }],
  ])('a wrong %s', async (_, wrongPart) => {
    const begin = tf.memory().numTensors;
    await fails(compileOn(device, { ...network, ...wrongPart }));
    expect(tf.memory().numTensors).toBe(begin);
  });

  test('gradients that wait', async () => {
    const begin = tf.memory().numTensors;
    const executable = await compileOn(device, network);
    const before = tf.memory().numTensors;
    const step = { key, learningRate: 0.1 };
    await executable.trainStep(batch, executable.initialState(3), { ...step, accumulate: true });
    const waiting = tf.memory().numTensors;
    expect(waiting).toBe(before + executable.parameters.length);
    await executable.trainStep(batch, executable.initialState(3), { ...step, accumulate: true });
    expect(tf.memory().numTensors).toBe(waiting);
    await executable.trainStep(batch, executable.initialState(3), step);
    expect(tf.memory().numTensors).toBe(before);
    executable.dispose();
    expect(tf.memory().numTensors).toBe(begin);
  });
});

/** As small as it can be, since a thousand calls are made. */
const tiny: NetworkDescription = {
  ...reviewsNetwork(),
  layers: reviewsNetwork().layers.slice(0, 1),
  optimizer: sgd.module(sgd.options.defaults),
};

describe.each(['cpu', 'wasm'] as const)('over many calls on %s', (device) => {
  // Else each call would switch to the device and back.
  beforeAll(async () => {
    await compileOn(device, tiny).then((executable) => executable.dispose());
    await tf.setBackend(device);
  });

  test('a thousand steps of training keep as many tensors and bytes as the first, and free them in the end', async () => {
    const begin = tf.memory().numTensors;
    const executable = await compileOn(device, tiny);
    await executable.write({ parameters: firstWeights(executable) });
    const [short, ragged] = [idsBatch([1]), idsBatch([2, 0, 1])];
    const kept = new Set<string>();
    for (let update = 0; update < 1000; update++) {
      const few = update % 20 === 0 ? ragged : short;
      const options = { key: { seed: 1, update }, learningRate: 0.01 };
      await executable.trainStep(few, executable.initialState(few.size), options);
      const { numTensors, numBytes, numDataBuffers } = tf.memory();
      kept.add(`${numTensors} tensors, ${numBytes} bytes, ${numDataBuffers} buffers`);
    }
    expect([...kept]).toHaveLength(1);
    executable.dispose();
    expect(tf.memory().numTensors).toBe(begin);
  });

  test('steps of streams and answers keep none', async () => {
    const executable = await compileOn(device, tiny);
    await executable.write({ parameters: firstWeights(executable) });
    const before = tf.memory();
    const few = idsBatch([1, 0]);
    let streams = beginStreams(executable, 2);
    for (let call = 0; call < 300; call++) {
      [streams] = await executable.step(streams, Int32Array.of(call % 7, (3 * call) % 7));
      await executable.forward(few, executable.initialState(2), { mode: 'infer' });
    }
    expect([...streams.steps]).toEqual([300, 300]);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
    executable.dispose();
  });
});

// TensorFlow.js's wasm backend lacks UnsortedSegmentSum, the gradient of its own embeddings.
test('an embedding learns on wasm as in the reference', async () => {
  const [ours, truth] = [await compileOn('wasm', reviewsNetwork()), await referenceBackend()(reviewsNetwork(), {})];
  const first = firstWeights(ours);
  const many = idsBatch([4, 3, 1]);
  for (const executable of [ours, truth]) {
    await executable.write({ parameters: first });
    for (let update = 0; update < 10; update++)
      await executable.trainStep(many, executable.initialState(3), { key: { seed: 1, update }, learningRate: 0.05 });
  }
  const [mine, expected] = [await ours.read(), await truth.read()].map(({ parameters }) => parameters['input.E']);
  expect(relativeError(expected?.data ?? [], first['input.E']?.data ?? [])).toBeGreaterThan(0.1);
  expect(relativeError(mine?.data ?? [], expected?.data ?? [])).toBeLessThan(1e-4);
  ours.dispose();
});

function train(executable: Executable): Promise<unknown> {
  return executable.trainStep(batch, executable.initialState(3), { key, learningRate: 0.1 });
}

async function fails(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: expect.any(String) });
}

/** Takes an operation from both devices while `f` runs, which must fail by it. */
async function without(name: string, f: () => Promise<unknown>): Promise<void> {
  const kernels = ['cpu', 'wasm'].flatMap((device) => tf.getKernel(name, device) ?? []);
  for (const { backendName } of kernels) tf.unregisterKernel(name, backendName);
  try {
    await expect(f()).rejects.toThrow(name);
  } finally {
    for (const kernel of kernels) tf.registerKernel(kernel);
  }
}
