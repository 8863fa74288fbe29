// Forward values and every gradient against PyTorch and Keras in float64.
import type { Compile } from '@unrolled/core';
import { describeNetwork, kerasCases, type RecurrentCase, recurrentCases, relativeError } from '@unrolled/goldens';
import { describe, expect, test } from 'vitest';
import { expectTensors, type Tolerances } from './tolerances.ts';

/** Registers a test for each golden network. */
export function goldenSuite(compile: Compile, tolerances: Tolerances): void {
  describe.each([
    ['PyTorch', recurrentCases()],
    ['Keras', kerasCases()],
  ])('%s', (_, cases) => {
    test.each(cases.map((golden) => [golden.name, golden] as const))('%s', (__, golden) =>
      compare(compile, golden, tolerances),
    );
  });
}

async function compare(compile: Compile, golden: RecurrentCase, { forward, gradients }: Tolerances): Promise<void> {
  const executable = await compile(describeNetwork(golden.network), {});
  await executable.write({ parameters: golden.parameters });
  const state = { ...executable.initialState(golden.batch.size), ...golden.initialState };
  const result = await executable.gradients(golden.batch, state, {
    ...(golden.outputGradient && { outputGradient: golden.outputGradient }),
    ...(golden.finalStateGradient && { finalStateGradient: golden.finalStateGradient }),
  });
  const { expected } = golden;
  const inference = await executable.forward(golden.batch, state, { mode: 'infer' });
  // To the bit, since neither draws masks.
  expect(inference.output, 'output of inference').toEqual(result.output);
  expectTensors('the', { output: result.output }, { output: expected.output }, forward);
  expectTensors('final state', result.state, expected.finalState, forward);
  expect(relativeError([result.loss], [expected.loss]), 'loss').toBeLessThan(forward);
  expectTensors('gradient of', result.parameters, expected.parameters, gradients);
  expectTensors('gradient of input', result.inputs, expected.inputs, gradients);
  expectTensors('gradient of initial', result.initialState, expected.initialState, gradients);
  executable.dispose();
}
