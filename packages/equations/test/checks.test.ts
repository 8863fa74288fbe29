// What every backend says of a call that lacks something or is given what does not fit.
import { type Batch, isUnrolledError, type RandomKey, type State, type Tensor } from '@unrolled/core';
import { expect, test } from 'vitest';
import {
  buildNetwork,
  checkAlive,
  checkBatch,
  checkSeeds,
  checkSnapshot,
  checkState,
  checkStatesAt,
  checkTensors,
  checkTrainStep,
  maskKey,
  optimizerStates,
  requireOptimizer,
  tracedValues,
  zeroState,
} from '../src/index.ts';
import { moduleOf, networkOf } from './networks.ts';

const cell = moduleOf('cell', 'h[t] = tanh(W @ x[t] + h[t-1])', 'h', {
  sizes: { units: 3 },
  parameters: { W: undefined },
});
const description = networkOf(cell);
const network = buildNetwork(description);
const key = { seed: 1, update: 0 };
const right = tensor([3, 2]);

test('tensors go by name, shape and number of values', () => {
  const known = [{ name: 'W', shape: [3, 2] }];
  checkTensors('weight', { W: right }, known);
  checkTensors('weight', {}, []);
  expect(refusal(() => checkTensors('weight', { V: right }, known))).toEqual([
    'PARAMETER_UNKNOWN',
    'There is no weight "V"; there are W.',
  ]);
  expect(refusal(() => checkTensors('weight', { V: right }, []))).toEqual([
    'PARAMETER_UNKNOWN',
    'There is no weight "V"; there is none.',
  ]);
  for (const [given, said] of [
    [tensor([2, 3]), '[2, 3] with 6 numbers'],
    [{ shape: [3, 2], data: new Float64Array(5) }, '[3, 2] with 5 numbers'],
  ] as const)
    expect(refusal(() => checkTensors('weight', { W: given }, known))).toEqual([
      'SHAPE_MISMATCH',
      `The weight "W" has shape [3, 2], but ${said} was given.`,
    ]);
});

test('a snapshot holds what the network and its optimizer hold', () => {
  const { parameters } = network;
  expect(optimizerStates(parameters, ['m', 'v'])).toEqual([
    { name: 'm/layers.0.W', shape: [3, 2] },
    { name: 'v/layers.0.W', shape: [3, 2] },
  ]);
  const whole = { 'layers.0.W': right };
  checkSnapshot({ parameters: whole, optimizer: { 'm/layers.0.W': right }, accumulated: whole }, parameters, ['m']);
  const refused = (snapshot: Parameters<typeof checkSnapshot>[0], states: readonly string[] = []) =>
    refusal(() => checkSnapshot(snapshot, parameters, states))[1];
  expect(refused({ parameters: { W: right } })).toBe('There is no parameter "W"; there are layers.0.W.');
  expect(refused({ accumulated: { W: right } })).toBe('There is no gradient "W"; there are layers.0.W.');
  expect(refused({ optimizer: { 'm/layers.0.W': right } })).toBe(
    'There is no optimizer state "m/layers.0.W"; there is none.',
  );
  for (const updates of [-1, 1.5, Number.NaN])
    expect(refusal(() => checkSnapshot({ updates }, parameters, []))).toEqual([
      'SNAPSHOT_INVALID',
      `${updates} is no number of updates; a whole number from 0 is.`,
    ]);
});

test('gradients that are given have the shape of what they are of', () => {
  const batch = { size: 4, time: 5 } as Parameters<typeof checkSeeds>[2];
  checkSeeds({}, network, batch);
  checkSeeds({ output: tensor([4, 3]), finals: { 'layers.0.h': tensor([4, 3]) } }, network, batch);
  expect(refusal(() => checkSeeds({ output: tensor([5, 4, 3]) }, network, batch))[0]).toBe('SHAPE_MISMATCH');
  expect(refusal(() => checkSeeds({ finals: { 'layers.0.h': tensor([3]) } }, network, batch))[0]).toBe(
    'SHAPE_MISMATCH',
  );
  expect(refusal(() => checkSeeds({ finals: { h: tensor([4, 3]) } }, network, batch))[0]).toBe('PARAMETER_UNKNOWN');
  const steps = buildNetwork(
    networkOf(cell, {
      output: moduleOf('each', 'y[t] = h[t]', 'y'),
      target: { kind: 'values', size: 3, per: 'step' },
    }),
  );
  checkSeeds({ output: tensor([5, 4, 3]) }, steps, batch);
  expect(refusal(() => checkSeeds({ output: tensor([4, 3]) }, steps, batch))[0]).toBe('SHAPE_MISMATCH');
});

test('what a call needs', () => {
  checkAlive(false);
  expect(refusal(() => checkAlive(true))[0]).toBe('EXECUTABLE_DISPOSED');
  expect([maskKey('infer', key), maskKey('infer', undefined), maskKey('train', key)]).toEqual([
    undefined,
    undefined,
    key,
  ]);
  expect(refusal(() => maskKey('train', undefined))[0]).toBe('KEY_MISSING');
  expect(requireOptimizer('adam')).toBe('adam');
  expect(refusal(() => requireOptimizer(undefined))[0]).toBe('OPTIMIZER_MISSING');
});

test('a training step needs targets, a rate that is a number, and a key of whole numbers', () => {
  const batch = { targets: Int32Array.of(0), weights: Float64Array.of(1) } as unknown as Batch;
  const step = { key: { seed: 1, update: 0 }, learningRate: 0.1 };
  checkTrainStep(batch, step);
  checkTrainStep(batch, { ...step, learningRate: 0 });
  expect(refusal(() => checkTrainStep({} as Batch, step))[0]).toBe('BATCH_WITHOUT_TARGETS');
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -0.1, undefined])
    expect(refusal(() => checkTrainStep(batch, { ...step, learningRate: wrong as number }))[0]).toBe(
      'LEARNING_RATE_INVALID',
    );
  for (const wrong of [{ seed: 1 }, { seed: 1, update: -1 }, { seed: 0.5, update: 0 }, undefined])
    expect(refusal(() => checkTrainStep(batch, { ...step, key: wrong as RandomKey }))[0]).toBe('KEY_INVALID');
});

test('what callers without types leave out is said', () => {
  const oneSequence: Batch = {
    size: 1,
    time: 1,
    inputs: { x: Float64Array.of(1, 2) },
    lengths: Int32Array.of(1),
    exampleIndex: Int32Array.of(0),
    start: Int32Array.of(0),
  };
  checkBatch(oneSequence, description);
  expect(refusal(() => checkBatch(undefined as unknown as Batch, description))[0]).toBe('BATCH_INVALID');
  for (const name of ['lengths', 'inputs', 'exampleIndex', 'start'] as const) {
    const { [name]: _, ...rest } = oneSequence;
    expect(refusal(() => checkBatch(rest as Batch, description))[1]).toContain(`no ${name}`);
  }
  expect(refusal(() => checkState(undefined as unknown as State, [], 1))[0]).toBe('STATE_INVALID');
  expect(refusal(() => maskKey('predict' as 'infer', undefined))[0]).toBe('MODE_INVALID');
});

test('states are asked for after whole numbers of steps, those beyond the end among them', () => {
  checkStatesAt(undefined);
  checkStatesAt([0, 3, 3, 1e6]);
  for (const wrong of [-1, 0.5, Number.NaN])
    expect(refusal(() => checkStatesAt([0, wrong]))).toEqual([
      'STEPS_INVALID',
      `States can't be given after ${wrong} steps.`,
    ]);
});

test('values are traced by name', () => {
  const { named } = network;
  expect(tracedValues(network, ['output.y', 'layers.0.h'])).toEqual([named.get('output.y'), named.get('layers.0.h')]);
  expect(refusal(() => tracedValues(network, ['h']))).toEqual([
    'TRACE_UNKNOWN',
    'There is no value "h" to trace; there are layers.0.h, output.y.',
  ]);
});

test('a state begins as zeros in the precision of the backend', () => {
  const infos = [{ name: 'h', shape: [2] }];
  const float32 = (length: number) => new Float32Array(length);
  expect(zeroState(infos, 3, float32)).toEqual({ h: { shape: [3, 2], data: new Float32Array(6) } });
  expect(zeroState(infos, 0, float32)).toEqual({ h: { shape: [0, 2], data: new Float32Array(0) } });
  for (const batch of [-1, 1.5])
    expect(refusal(() => zeroState(infos, batch, float32))).toEqual([
      'STATE_INVALID',
      `There is no state for ${batch} sequences.`,
    ]);
});

function tensor(shape: readonly number[]): Tensor {
  return { shape, data: new Float64Array(shape.reduce((product, size) => product * size, 1)) };
}

/** Code of what is thrown, and what it says before its mend. */
function refusal(act: () => void): readonly [string, string] {
  try {
    act();
  } catch (error) {
    if (isUnrolledError(error)) return [error.code, error.message.slice(0, -1 - (error.mend as string).length)];
    throw error;
  }
  return ['', 'not refused'];
}
