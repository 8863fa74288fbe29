// One update for each batch, with the whole gradient.

import { reference } from '@unrolled/backend-reference';
import { vanillaCell } from '@unrolled/cell-vanilla';
import {
  type Batch,
  type Executable,
  initialise,
  type Tensor,
  type TrainerContext,
  type TrainerProgress,
} from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { sgd } from '@unrolled/optimizers';
import { manyToOne } from '@unrolled/task-many-to-one';
import { bpttTrainer } from '@unrolled/trainer-bptt';
import { expect, test } from 'vitest';

const learningRate = 0.5;

async function compiled(): Promise<Executable> {
  const executable = await reference.compile({})(
    {
      language: 1,
      input: { kind: 'ids', vocabulary: 5 },
      layers: [{ module: vanillaCell({ units: 4 }), direction: 'both', dropout: { input: 0.3 } }],
      output: manyToOne.module({ pool: 'mean', dropout: 0, hidden: 0 }, 3),
      loss: categoricalCrossEntropy.module({}),
      target: { kind: 'class', size: 3, per: 'sequence' },
      optimizer: sgd.module(sgd.options.defaults),
    },
    {},
  );
  const parameters = executable.parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, 7) }]);
  await executable.write({ parameters: Object.fromEntries(parameters) });
  return executable;
}

const batch: Batch = {
  size: 3,
  time: 4,
  inputs: { x: Int32Array.of(1, 2, 0, 3, 4, 0, 2, 0, 0, 1, 0, 0) },
  lengths: Int32Array.of(4, 2, 0),
  targets: Int32Array.of(0, 2, 1),
  weights: Float64Array.of(0.5, 0.5, 0),
  exampleIndex: Int32Array.of(10, 11, 12),
  start: new Int32Array(3),
};

const context: TrainerContext = { seed: 3, updates: () => 5, learningRate: () => learningRate, answers: 'once' };

async function all(progress: AsyncIterable<TrainerProgress>): Promise<TrainerProgress[]> {
  const steps: TrainerProgress[] = [];
  for await (const step of progress) steps.push(step);
  return steps;
}

test('weights change once, by the gradient of the whole batch with the masks of this update', async () => {
  const executable = await compiled();
  const before = (await executable.read()).parameters;
  const expected = await executable.gradients(batch, executable.initialState(3), { key: { seed: 3, update: 5 } });
  const steps = await all(bpttTrainer()(executable, batch, context));
  const after = (await executable.read()).parameters;
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({
    loss: expected.loss,
    updated: true,
    cursor: undefined,
    output: expected.output,
    state: expected.state,
  });
  for (const [name, { data }] of Object.entries(before)) {
    const gradient = (expected.parameters[name] as Tensor).data;
    expect(after[name]?.data).toEqual(data.map((weight, i) => weight - learningRate * (gradient[i] as number)));
  }
  const squares = Object.values(expected.parameters).flatMap(({ data }) => [...data].map((value) => value * value));
  expect(steps[0]?.gradientNorm).toBeCloseTo(Math.sqrt(squares.reduce((sum, value) => sum + value, 0)), 12);
});

test('the state that is given is where it starts', async () => {
  const executable = await compiled();
  const fresh = await all(bpttTrainer()(executable, batch, context));
  const carried = await all(bpttTrainer()(await compiled(), batch, { ...context, state: fresh[0]?.state ?? {} }));
  expect(carried[0]?.loss).not.toBe(fresh[0]?.loss);
});

test('a batch without a loss makes no update', async () => {
  const executable = await compiled();
  const before = await executable.read();
  for (const weights of [new Float64Array(3), Float64Array.of(0, 0, 1)]) {
    const steps = await all(bpttTrainer()(executable, { ...batch, weights }, context));
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ loss: 0, updated: false, gradientNorm: undefined, cursor: undefined });
  }
  expect(await executable.read()).toEqual(before);
});

test('a batch without targets or weights is an error', async () => {
  const executable = await compiled();
  const { targets: _, ...unlabelled } = batch;
  const { weights: __, ...unweighted } = batch;
  for (const [wrong, missing] of [
    [unlabelled, 'targets are missing'],
    [unweighted, 'weights are missing'],
  ] as const)
    await expect(all(bpttTrainer()(executable, wrong, context))).rejects.toMatchObject({
      code: 'BATCH_WITHOUT_TARGETS',
      message: expect.stringContaining(missing),
    });
});
