// Chunked and sliding windows against PyTorch with detached states, over ragged sequences.

import { reference } from '@unrolled/backend-reference';
import type { Executable, Tensors, TrainerProgress } from '@unrolled/core';
import {
  describeNetwork,
  relativeError,
  type TruncationCase,
  type TruncationRun,
  truncationCases,
} from '@unrolled/goldens';
import { sgd } from '@unrolled/optimizers';
import { truncatedBpttTrainer } from '@unrolled/trainer-truncated-bptt';
import { describe, expect, test } from 'vitest';
import { trained } from './setting.ts';

const tolerance = 1e-9;

describe.each(truncationCases().map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
  const runs = golden.runs.map(
    (run) => [`every ${run.every}, window ${run.window}, update: ${run.update}`, run] as const,
  );

  test.each(runs)('%s', async (__, run) => {
    const { progress, after } = await rerun(golden, run);
    let before = 0;
    expect(progress).toHaveLength(run.windows.length);
    for (const [index, { loss }] of run.windows.entries()) {
      const found = progress[index] as TrainerProgress;
      expect(relativeError([found.loss - before], [loss ?? 0]), `loss of window ${index}`).toBeLessThan(tolerance);
      if (run.update === 'window') expect(found.updated).toBe(loss !== null);
      before = found.loss;
    }
    // With one SGD step of rate 1, what the weights have lost is the gradient.
    const gradient = (name: string) => difference(golden.parameters, after, name);
    for (const [name, { data }] of Object.entries(run.gradient ?? {}))
      expect(relativeError(gradient(name), data), `gradient of ${name}`).toBeLessThan(tolerance);
    for (const [name, { data }] of Object.entries(run.finalParameters ?? {}))
      expect(relativeError((after[name] as { data: Float64Array }).data, data), name).toBeLessThan(tolerance);
  });
});

async function rerun(
  golden: TruncationCase,
  run: TruncationRun,
): Promise<{ progress: TrainerProgress[]; after: Tensors }> {
  const executable: Executable = await reference.compile({})(
    { ...describeNetwork(golden.network), optimizer: sgd.module(sgd.options.defaults) },
    {},
  );
  await executable.write({ parameters: golden.parameters });
  const { every, window, update, learningRate: rate = 1 } = run;
  // What pooling carries starts empty, as always; PyTorch's cases give the layers' states only.
  const state = { ...executable.initialState(golden.batch.size), ...golden.initialState };
  const head = golden.network.head === 'steps' ? 'steps' : 'last';
  const train = truncatedBpttTrainer({ every, window, update });
  const progress = await trained(train, executable, golden.batch, head, { rate, state });
  return { progress, after: (await executable.read()).parameters };
}

function difference(before: Tensors, after: Tensors, name: string): Float64Array {
  return Float64Array.from(before[name]?.data ?? [], (value, i) => value - (after[name]?.data[i] as number));
}
