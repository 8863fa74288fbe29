// Every optimizer against torch.optim over 20 updates, with each kind of clipping.
import type { Batch, Compile, EquationModule, NetworkDescription, Snapshot, Tensor, Tensors } from '@unrolled/core';
import {
  describeNetwork,
  type GoldenTensor,
  type OptimizerCase,
  optimizerCases,
  relativeError,
} from '@unrolled/goldens';
import { adam, adamw, momentum, rmsprop, sgd } from '@unrolled/optimizers';
import { expect, test } from 'vitest';

/** Registers a test for each optimizer. Weights and the norms of gradients may be `tolerance` away. */
export function optimizerSuite(compile: Compile, tolerance: { readonly norm: number; readonly weights: number }): void {
  test.each(optimizerCases().map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const network: NetworkDescription = { ...lent, optimizer: moduleFor(golden), clip: golden.clip };
    const executable = await compile(network, {});
    await executable.write({ parameters: renamed(golden.weights) });
    for (const [update, learningRate] of golden.rates.entries()) {
      await executable.write({ accumulated: gradientsOf(golden, update, (await executable.read()).parameters) });
      const key = { seed: 1, update };
      const step = await executable.trainStep(emptyBatch, executable.initialState(1), { key, learningRate });
      const norm = golden.gradientNorms[update] as number;
      expect(relativeError([step.gradientNorm], [norm]), `norm of ${update}`).toBeLessThan(tolerance.norm);
      const { parameters, updates, accumulated } = await executable.read();
      expect(updates).toBe(update + 1);
      expect(accumulated).toEqual({});
      for (const [name, expected] of Object.entries(golden.expected)) {
        const { data } = parameters[names[name] as string] as Tensor;
        const error = relativeError(data, slice(expected, update));
        expect(error, `${name} after update ${update}`).toBeLessThan(tolerance.weights);
      }
    }
    executable.dispose();
  });
}

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
