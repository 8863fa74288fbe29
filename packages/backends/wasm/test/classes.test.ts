// Classes in place of logits: the first largest of each row, padding left out, also where memory is bounded.
import type { NetworkDescription, Tensor } from '@unrolled/core';
import { expect, test } from 'vitest';
import { wasmBackend } from '../src/index.ts';
import { batchOf, bitsOf, moduleOf, networkOf, ragged, weightsOf } from './trials.ts';

const perStep = networkOf({
  output: moduleOf('y[t] = Why @ h[t]', 'y', { Why: ['size', 'hidden'] }, { sizes: { size: 5 } }),
  target: { kind: 'class', size: 5, per: 'step' },
});

/** Numbers of the first largest of the last axis, 0 beyond each sequence's end; undecided answers go to the first. */
function firstLargest({ shape, data }: Tensor): number[] {
  const size = shape.at(-1) as number;
  return Array.from({ length: data.length / size }, (_, row) => {
    const numbers = Array.from(data.subarray(row * size, (row + 1) * size));
    return numbers.indexOf(Math.max(...numbers));
  });
}

test.each<[string, NetworkDescription, number, string | undefined]>([
  ['a class for each sequence', networkOf(), 3, undefined],
  ['a class for each step', perStep, 5, undefined],
  ['a class for each step, with little memory', perStep, 5, '170KB'],
])('%s', async (_, network, size, memory) => {
  const executable = await wasmBackend()(network, { threads: 1, ...(memory !== undefined && { memory }) });
  await executable.write({ parameters: weightsOf(executable) });
  const first = await executable.read();
  const lengths = ragged(20, 40);
  const batch = batchOf(network, lengths);
  const step = async (asked: { readonly output?: 'classes' }) => {
    await executable.write(first);
    const options = { key: { seed: 1, update: 0 }, learningRate: 0.1, ...asked };
    const { output, loss, gradientNorm, state } = await executable.trainStep(
      batch,
      executable.initialState(20),
      options,
    );
    return { output, rest: bitsOf(loss, gradientNorm, state, (await executable.read()).parameters) };
  };
  const [logits, classes] = [await step({}), await step({ output: 'classes' })];
  const rows = network.target.per === 'step' ? [40, 20] : [20];
  expect(logits.output.shape).toEqual([...rows, size]);
  expect(classes.output.shape).toEqual([...rows, 1]);
  expect(Array.from(classes.output.data)).toEqual(firstLargest(logits.output));
  expect(new Set(classes.output.data).size).toBeGreaterThan(1);
  expect(classes.rest).toBe(logits.rest);
  executable.dispose();
});
