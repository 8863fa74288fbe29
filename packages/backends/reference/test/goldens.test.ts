// The interpreter and the adjoints against PyTorch and Keras in float64: forward values and every gradient.
import type { Tensors } from '@unrolled/core';
import { describeNetwork, kerasCases, recurrentCases, relativeError } from '@unrolled/goldens';
import { describe, expect, test } from 'vitest';
import { reference } from '../src/index.ts';

const tolerance = 1e-9;

describe.each([
  ['PyTorch', recurrentCases()],
  ['Keras', kerasCases()],
])('%s', (_, cases) => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', async (__, golden) => {
    const executable = await reference.compile({})(describeNetwork(golden.network), {});
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
    const forward = await executable.forward(golden.batch, state, { mode: 'infer' });
    expect(forward.output.data).toEqual(result.output.data);
    executable.dispose();
  });
});

function compare(what: string, actual: Tensors, expected: Tensors): void {
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(actual[name]?.shape, `${what} ${name}`).toEqual(shape);
    expect(relativeError(actual[name]?.data ?? [], data), `${what} ${name}`).toBeLessThan(tolerance);
  }
}
