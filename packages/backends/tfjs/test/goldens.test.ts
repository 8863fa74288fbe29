// TensorFlow.js's tape against PyTorch and Keras: forward values and every gradient, on the devices that Node has.
import type { Tensors } from '@unrolled/core';
import { describeNetwork, kerasCases, recurrentCases, relativeError } from '@unrolled/goldens';
import { describe, expect, test } from 'vitest';
import { compileOn } from './devices.ts';

const tolerance = 1e-5;
const cases = [
  ...recurrentCases().map((golden) => [`PyTorch: ${golden.name}`, golden] as const),
  ...kerasCases().map((golden) => [`Keras: ${golden.name}`, golden] as const),
];

describe.each(['cpu', 'wasm'] as const)('%s', (device) => {
  test.each(cases)('%s', async (_, golden) => {
    const executable = await compileOn(device, describeNetwork(golden.network));
    await executable.write({ parameters: golden.parameters });
    const state = { ...executable.initialState(golden.batch.size), ...golden.initialState };
    const result = await executable.gradients(golden.batch, state, {
      ...(golden.outputGradient && { outputGradient: golden.outputGradient }),
      ...(golden.finalStateGradient && { finalStateGradient: golden.finalStateGradient }),
    });
    const { expected } = golden;
    expect(relativeError(result.output.data, expected.output.data), 'output').toBeLessThan(tolerance);
    expect(relativeError([result.loss], [expected.loss]), 'loss').toBeLessThan(tolerance);
    compare('final state', result.state, expected.finalState);
    compare('gradient of', result.parameters, expected.parameters);
    compare('gradient of input', result.inputs, expected.inputs);
    compare('gradient of initial', result.initialState, expected.initialState);
    executable.dispose();
  });
});

function compare(what: string, actual: Tensors, expected: Tensors): void {
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(actual[name]?.shape, `${what} ${name}`).toEqual(shape);
    expect(relativeError(actual[name]?.data ?? [], data), `${what} ${name}`).toBeLessThan(tolerance);
  }
}
