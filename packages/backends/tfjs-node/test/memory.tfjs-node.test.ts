// Tensors are freed: their number is flat over a thousand training steps and after every other call, also where a kernel fails.
import type { Batch, Executable, NetworkDescription } from '@unrolled/core';
import { categoricalCrossEntropyLoss } from '@unrolled/losses';
import { adamOptimizer } from '@unrolled/optimizers';
import { manyToOneTask } from '@unrolled/task-many-to-one';
import { expect, test } from 'vitest';
import { tfjsNodeBackend } from '../src/index.ts';
import { drawnWeights, grus, lstms, networkOf } from './cells.ts';
import { tf } from './operations.ts';

const [lstm] = Object.values(lstms);
const [gru] = Object.values(grus);
const network: NetworkDescription = {
  ...networkOf(lstm as NonNullable<typeof lstm>, ['both']),
  layers: [lstm, gru].map((module) => ({ module: module as NonNullable<typeof lstm>, direction: 'both', dropout: {} })),
  output: manyToOneTask(2),
  loss: categoricalCrossEntropyLoss(),
  target: { kind: 'class', size: 2, per: 'sequence' },
  optimizer: adamOptimizer(),
  clip: { norm: 1 },
};
const batch: Batch = {
  size: 3,
  time: 4,
  inputs: { x: Float64Array.from({ length: 4 * 3 * 3 }, (_, at) => Math.sin(at)) },
  lengths: Int32Array.of(4, 0, 2),
  targets: Int32Array.of(0, 1, 1),
  weights: Float64Array.of(0.5, 0, 0.5),
  exampleIndex: Int32Array.of(0, 1, 2),
  start: new Int32Array(3),
};

async function compiled(): Promise<Executable> {
  const executable = await tfjsNodeBackend()(network, {});
  await executable.write({ parameters: drawnWeights(executable) });
  return executable;
}

test('a thousand training steps', { timeout: 600_000 }, async () => {
  const executable = await compiled();
  const step = (update: number) =>
    executable.trainStep(batch, executable.initialState(3), { key: { seed: 1, update }, learningRate: 0.01 });
  await step(0);
  const before = tf.memory();
  for (let update = 1; update <= 1000; update++) await step(update);
  const after = tf.memory();
  expect(after.numTensors).toBe(before.numTensors);
  expect(after.numDataBuffers).toBe(before.numDataBuffers);
  expect(after.numBytes).toBe(before.numBytes);
  executable.dispose();
});

/** Each call once. */
async function callAll(executable: Executable, after: () => void): Promise<void> {
  const state = executable.initialState(3);
  const calls = [
    () => executable.forward(batch, state, { mode: 'infer', statesAt: [0, 2] }),
    () => executable.gradients(batch, state, { finalStateGradient: state }),
    () => executable.trace(batch, state, ['layers.0.forward.i', 'layers.1.backward.h']),
    () => executable.read(),
  ];
  for (const call of calls) {
    await call();
    after();
  }
}

test('every call, and dispose', async () => {
  const first = await compiled();
  await callAll(first, () => {});
  first.dispose();
  const begin = tf.memory().numTensors;
  const executable = await compiled();
  const before = tf.memory().numTensors;
  expect(before).toBeGreaterThan(begin);
  await callAll(executable, () => expect(tf.memory().numTensors).toBe(before));
  executable.dispose();
  expect(tf.memory().numTensors).toBe(begin);
});

test('lengths that were met before take no more', async () => {
  const executable = await compiled();
  const run = (length: number) =>
    executable.forward({ ...batch, lengths: Int32Array.of(length, 1, length) }, executable.initialState(3), {
      mode: 'infer',
    });
  for (const length of [1, 2, 3, 4]) await run(length);
  const before = tf.memory().numTensors;
  for (const length of [4, 3, 2, 1, 2]) await run(length);
  expect(tf.memory().numTensors).toBe(before);
  executable.dispose();
});

test('a kernel that fails', async () => {
  const executable = await compiled();
  const step = () =>
    executable.trainStep(batch, executable.initialState(3), { key: { seed: 1, update: 0 }, learningRate: 0.01 });
  await step();
  const before = tf.memory().numTensors;
  const backend = tf.findBackend('tensorflow') as unknown as Record<string, (...of: unknown[]) => unknown>;
  for (const name of ['BlockLSTMGradV2', 'GRUBlockCellGrad', 'BlockLSTMV2']) {
    const original = Object.getPrototypeOf(backend).executeMultipleOutputs as (...of: unknown[]) => unknown;
    backend.executeMultipleOutputs = function (this: unknown, ...given: unknown[]) {
      if (given[0] === name) throw new Error(`no ${name}`);
      return original.apply(this, given);
    };
    await expect(step()).rejects.toThrow(`no ${name}`);
    delete backend.executeMultipleOutputs;
    expect(tf.memory().numTensors).toBe(before);
  }
  executable.dispose();
});
