// Optimizers over 20 updates with each kind of clipping, and losses, against PyTorch.
import type { Batch, EquationModule, NetworkDescription, Snapshot, Tensor, Tensors } from '@unrolled/core';
import {
  describeNetwork,
  type GoldenTensor,
  type LossCase,
  lossCases,
  type OptimizerCase,
  optimizerCases,
  relativeError,
} from '@unrolled/goldens';
import { adam, adamw, momentum, rmsprop, sgd } from '@unrolled/optimizers';
import { describe, expect, test } from 'vitest';
import { compileOn } from './devices.ts';

const tolerance = 1e-5;

// A small network lends its parameters of the right shapes; its others get gradients of 0.
const names: Readonly<Record<string, string>> = { W: 'layers.0.Wxh', b: 'layers.0.bh', s: 'output.by' };
const lent = describeNetwork({
  input: { kind: 'vectors', size: 2 },
  layers: [{ cell: 'vanilla', units: 3, direction: 'forward' }],
  head: 'last',
  size: 1,
  loss: 'squared-error',
});

/** A sequence of length 0 adds nothing to the gradients that wait. */
const emptyBatch: Batch = {
  size: 1,
  time: 1,
  inputs: { x: new Float64Array(2) },
  lengths: Int32Array.of(0),
  targets: new Float64Array(1),
  weights: Float64Array.of(1),
  exampleIndex: Int32Array.of(0),
  start: Int32Array.of(0),
};

describe.each(['cpu', 'wasm'] as const)('on %s', (device) => {
  test.each(optimizerCases().map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const network: NetworkDescription = { ...lent, optimizer: moduleFor(golden), clip: golden.clip };
    const executable = await compileOn(device, network);
    await executable.write({ parameters: renamed(golden.weights) });
    for (const [update, learningRate] of golden.rates.entries()) {
      await executable.write({ accumulated: gradientsOf(golden, update, (await executable.read()).parameters) });
      const key = { seed: 1, update };
      const step = await executable.trainStep(emptyBatch, executable.initialState(1), { key, learningRate });
      expect(relativeError([step.gradientNorm], [golden.gradientNorms[update] as number])).toBeLessThan(1e-6);
      const { parameters, updates, accumulated } = await executable.read();
      expect(updates).toBe(update + 1);
      expect(accumulated).toEqual({});
      for (const [name, expected] of Object.entries(golden.expected)) {
        const found = parameters[names[name] as string] as Tensor;
        expect(relativeError(found.data, slice(expected, update)), `${name} after ${update}`).toBeLessThan(tolerance);
      }
    }
    executable.dispose();
  });

  test.each(lossCases().map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const [rows, size] = golden.y.shape as [number, number];
    const executable = await compileOn(device, networkFor(golden, size));
    const batch = rowsBatch(golden, rows);
    const { loss, inputs } = await executable.gradients(batch, executable.initialState(rows), {});
    // Of a row's elements a loss takes the mean.
    const share = golden.loss === 'categorical-cross-entropy' ? 1 : size;
    const expected = golden.value.data.reduce((sum, value) => sum + value, 0) / share;
    expect(relativeError([loss], [expected])).toBeLessThan(tolerance);
    const slopes = golden.gradient.data.map((slope) => slope / share);
    expect(relativeError(inputs.x?.data ?? [], slopes)).toBeLessThan(tolerance);
    executable.dispose();
  });
});

function moduleFor({ optimizer, options }: OptimizerCase): EquationModule {
  const plugin = { sgd, momentum, rmsprop, adam, adamw }[optimizer];
  return plugin.module({ ...plugin.options.defaults, ...options } as never);
}

function gradientsOf(golden: OptimizerCase, update: number, parameters: Tensors): NonNullable<Snapshot['accumulated']> {
  const zeros = Object.entries(parameters).map(([name, { shape, data }]) => [
    name,
    { shape, data: new Float64Array(data.length) },
  ]);
  const given = Object.entries(golden.gradients).map(([name, gradients]) => [
    names[name],
    { shape: gradients.shape.slice(1), data: slice(gradients, update) },
  ]);
  return Object.fromEntries([...zeros, ...given]);
}

function renamed(tensors: Readonly<Record<string, GoldenTensor>>): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [names[name], tensor]));
}

/** Row `update` of a tensor `[updates, …]`. */
function slice({ shape, data }: GoldenTensor, update: number): Float64Array {
  const size = data.length / (shape[0] as number);
  return data.slice(update * size, (update + 1) * size);
}

const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
/** Hands its input on, so that logits are what a test says they are. */
const pass: EquationModule = { ...bare, name: 'pass', equations: 'h[t] = x[t]', output: 'h' };
const only: EquationModule = { ...bare, name: 'only', equations: 'y = last_s(h[s])', output: 'y' };

function networkFor({ loss }: LossCase, size: number): NetworkDescription {
  const described = describeNetwork({ input: { kind: 'vectors', size }, layers: [], head: 'last', size, loss });
  return { ...described, layers: [{ module: pass, direction: 'forward', dropout: {} }], output: only };
}

/** Each row of a case as a sequence of one step. */
function rowsBatch({ y, target }: LossCase, rows: number): Batch {
  return {
    size: rows,
    time: 1,
    inputs: { x: y.data },
    lengths: new Int32Array(rows).fill(1),
    targets: target,
    weights: new Float64Array(rows).fill(1),
    exampleIndex: Int32Array.from({ length: rows }, (_, row) => row),
    start: new Int32Array(rows),
  };
}
