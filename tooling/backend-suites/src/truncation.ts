// Chunked and sliding windows against PyTorch with detached states, over ragged sequences.
import type { Compile, Tensor, Tensors, TrainerProgress } from '@unrolled/core';
import {
  describeNetwork,
  relativeError,
  type TruncationCase,
  type TruncationRun,
  truncationCases,
} from '@unrolled/goldens';
import { sgd } from '@unrolled/optimizers';
import { truncatedBptt } from '@unrolled/trainer-truncated-bptt';
import { describe, expect, test } from 'vitest';
import { expectTensors, type Tolerances } from './tolerances.ts';

/**
 * Registers a test for each way of cutting each case.
 * @param tolerances - `forward` of losses and of weights after updates of each window.
 * @param stride - takes one of as many, for a backend that is slow.
 */
export function truncationSuite(compile: Compile, tolerances: Tolerances, stride = 1): void {
  const cases = truncationCases().map((golden) => [golden.name, golden] as const);
  describe.each(cases)('%s', (_, golden) => {
    const runs = golden.runs
      .map((run) => [`every ${run.every}, window ${run.window}, update: ${run.update}`, run] as const)
      .filter((__, i) => i % stride === 0);
    test.each(runs)('%s', (__, run) => compare(compile, golden, run, tolerances));
  });
}

async function compare(
  compile: Compile,
  golden: TruncationCase,
  run: TruncationRun,
  { forward, gradients }: Tolerances,
): Promise<void> {
  const { progress, after } = await rerun(compile, golden, run);
  let before = 0;
  expect(progress).toHaveLength(run.windows.length);
  for (const [index, { loss }] of run.windows.entries()) {
    const found = progress[index] as TrainerProgress;
    expect(relativeError([found.loss - before], [loss ?? 0]), `loss of window ${index}`).toBeLessThan(forward);
    if (run.update === 'window') expect(found.updated).toBe(loss !== null);
    before = found.loss;
  }
  // With one step of rate 1, what the weights have lost is the gradient.
  const lost = Object.entries(golden.parameters).map(([name, { shape, data }]) => {
    const left = (after[name] as Tensor).data;
    return [name, { shape, data: Float64Array.from(data, (value, i) => value - (left[i] as number)) }] as const;
  });
  expectTensors('gradient of', Object.fromEntries(lost), run.gradient ?? {}, gradients);
  expectTensors('weights', after, run.finalParameters ?? {}, forward);
}

async function rerun(
  compile: Compile,
  golden: TruncationCase,
  { every, window, update, learningRate = 1 }: TruncationRun,
): Promise<{ readonly progress: readonly TrainerProgress[]; readonly after: Tensors }> {
  const network = { ...describeNetwork(golden.network), optimizer: sgd.module(sgd.options.defaults) };
  const executable = await compile(network, {});
  await executable.write({ parameters: golden.parameters });
  let updates = 0;
  const context = {
    seed: 5,
    updates: () => updates,
    learningRate: () => learningRate,
    answers: golden.network.head === 'steps' ? 'each-step' : 'once',
    // What pooling carries starts empty, as always; PyTorch's cases give the layers' states only.
    state: { ...executable.initialState(golden.batch.size), ...golden.initialState },
  } as const;
  const progress: TrainerProgress[] = [];
  for await (const each of truncatedBptt.train({ every, window, update }, executable, golden.batch, context)) {
    if (each.updated) updates += 1;
    progress.push(each);
  }
  const after = (await executable.read()).parameters;
  executable.dispose();
  return { progress, after };
}
