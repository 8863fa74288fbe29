// Forward values and every gradient against PyTorch and Keras in float64.
import type { Compile, NetworkDescription } from '@unrolled/core';
import {
  describeEncoderDecoder,
  describeNetwork,
  encoderDecoderCases,
  type GoldenCase,
  kerasCases,
  type RecurrentCase,
  recurrentCases,
  relativeError,
} from '@unrolled/goldens';
import { describe, expect, test } from 'vitest';
import { expectTensors, type Tolerances } from './tolerances.ts';

/**
 * Registers a test for each golden network.
 * @param stride - takes one of as many, for a backend that is slow.
 */
export function goldenSuite(compile: Compile, tolerances: Tolerances, stride = 1): void {
  describe.each([
    ['PyTorch', recurrentCases()],
    ['Keras', kerasCases()],
  ])('%s', (_, all) => {
    const cases = all.filter((__, i) => i % stride === 0).map((golden) => [golden.name, golden] as const);
    test.each(cases)('%s', (__, golden) => expectGolden(compile, golden, tolerances));
  });
  const cases = encoderDecoderCases().filter((_, i) => i % stride === 0);
  test.each(cases.map((golden) => [golden.name, golden] as const))('encoder–decoder of PyTorch: %s', (_, golden) =>
    expectResults(compile, describeEncoderDecoder(golden.network), golden, tolerances),
  );
}

/** Whatever a golden holds is near enough; a forward call gives the output that gradients come with, to the bit. */
export function expectGolden(compile: Compile, golden: RecurrentCase, tolerances: Tolerances): Promise<void> {
  return expectResults(compile, describeNetwork(golden.network), golden, tolerances);
}

async function expectResults(
  compile: Compile,
  description: NetworkDescription,
  golden: GoldenCase<unknown>,
  { forward, gradients }: Tolerances,
): Promise<void> {
  const executable = await compile(description, {});
  await executable.write({ parameters: golden.parameters });
  const state = { ...executable.initialState(golden.batch.size), ...golden.initialState };
  const result = await executable.gradients(golden.batch, state, {
    ...(golden.outputGradient && { outputGradient: golden.outputGradient }),
    ...(golden.finalStateGradient && { finalStateGradient: golden.finalStateGradient }),
  });
  const { output } = await executable.forward(golden.batch, state, { mode: 'infer' });
  expect(output, 'output of inference').toEqual(result.output);
  const { expected } = golden;
  expectTensors('the', { output: result.output }, { output: expected.output }, forward);
  expectTensors('final state', result.state, expected.finalState, forward);
  expect(relativeError([result.loss], [expected.loss]), 'loss').toBeLessThan(forward);
  expectTensors('gradient of', result.parameters, expected.parameters, gradients);
  expectTensors('gradient of input', result.inputs, expected.inputs, gradients);
  expectTensors('gradient of initial', result.initialState, expected.initialState, gradients);
  executable.dispose();
}
