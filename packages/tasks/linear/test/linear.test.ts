// What is the task's own: a product of a matrix and a sparse vector, against a dense one by hand.
import { referenceBackend } from '@unrolled/backend-reference';
import { isUnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import { linear, linearTask } from '../src/index.ts';

test('alone it is the module of the plug-in', () => {
  expect(linearTask(3)).toEqual(linear.module({}, 3));
});

test('gives the dense product of weights and counts, and the gradient of what a bag has', async () => {
  const network = await referenceBackend()(
    {
      language: 1,
      input: { kind: 'bag', size: 4 },
      layers: [],
      output: linearTask(2),
      loss: {
        name: 'first',
        equations: 'loss = y · target',
        parameters: {},
        sizes: {},
        constants: {},
        shapes: {},
        initial: {},
        output: 'loss',
      },
      target: { kind: 'class', size: 2, per: 'sequence' },
    },
    {},
  );
  const W = [
    [0.5, -1, 2, 3],
    [1, 4, -0.25, 0.75],
  ];
  const by = [0.1, -0.2];
  await network.write({
    parameters: {
      'output.Why': { shape: [2, 4], data: Float64Array.from(W.flat()) },
      'output.by': { shape: [2], data: Float64Array.from(by) },
    },
  });
  const bags = [
    [0, 2, 0, -1.5],
    [0.5, 0, 0, 0],
  ];
  const batch = {
    size: 2,
    time: 2,
    // What stands in the padding of the second does not count.
    inputs: { x: Int32Array.of(1, 0, 3, 2), value: Float64Array.of(2, 0.5, -1.5, 99) },
    lengths: Int32Array.of(2, 1),
    targets: Int32Array.of(1, 0),
    weights: Float64Array.of(1, 2),
    exampleIndex: Int32Array.of(0, 1),
    start: Int32Array.of(0, 0),
  };
  const { output, parameters } = await network.gradients(batch, network.initialState(2), {});
  const logits = bags.flatMap((bag) =>
    W.map((row, k) => row.reduce((sum, w, c) => sum + w * (bag[c] as number), by[k] as number)),
  );
  for (const [at, logit] of logits.entries()) expect(output.data[at]).toBeCloseTo(logit, 12);
  // Class 1 of the first bag once, class 0 of the second twice.
  const expected = [...(bags[1] as number[]).map((value) => 2 * value), ...(bags[0] as number[])];
  for (const [at, slope] of expected.entries()) expect(parameters['output.Why']?.data[at]).toBeCloseTo(slope, 12);
  expect([...(parameters['output.by']?.data ?? [])]).toEqual([2, 1]);
});

test('has no options', () => {
  let refusal: unknown;
  try {
    linearTask(2, { dropout: 0.5 } as never);
  } catch (error) {
    refusal = error;
  }
  expect(isUnrolledError(refusal, 'OPTION_INVALID')).toBe(true);
});
