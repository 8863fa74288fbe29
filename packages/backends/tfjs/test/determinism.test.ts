// The cpu device promises bits: the same seed twice, and a run that was read, written elsewhere and went on.
import type { Executable } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { type Device, tfjs } from '../src/index.ts';
import { compileOn, firstWeights } from './devices.ts';
import { idsBatch, reviewsNetwork } from './networks.ts';

const batches = [idsBatch([5, 2, 3], 1), idsBatch([1, 4], 2), idsBatch([6, 6, 0, 2], 3), idsBatch([3, 3], 4)];

/** Trains from update `from` up to `to`, some steps with a gradient that waits. */
async function train(executable: Executable, from: number, to: number): Promise<void> {
  for (let update = from; update < to; update++) {
    const batch = batches[update % batches.length] as (typeof batches)[number];
    const state = executable.initialState(batch.size);
    const options = { key: { seed: 9, update }, learningRate: 0.05 };
    await executable.trainStep(batch, state, { ...options, accumulate: update % 3 === 1 });
  }
}

async function begun(): Promise<Executable> {
  const executable = await compileOn('cpu', reviewsNetwork());
  await executable.write({ parameters: firstWeights(executable) });
  return executable;
}

describe('on cpu', () => {
  test('the same seed twice gives the same weights', async () => {
    const [first, second] = [await begun(), await begun()];
    for (const executable of [first, second]) await train(executable, 0, 8);
    expect(await second.read()).toEqual(await first.read());
  });

  test.each([1, 2, 5])('a run resumed after %d steps ends as if it had not stopped', async (stop) => {
    const whole = await begun();
    await train(whole, 0, 8);
    const stopped = await begun();
    await train(stopped, 0, stop);
    const resumed = await compileOn('cpu', reviewsNetwork());
    await resumed.write(await stopped.read());
    stopped.dispose();
    await train(resumed, stop, 8);
    expect(await resumed.read()).toEqual(await whole.read());
  });

  test('what was read is a copy, and so is what was written', async () => {
    const executable = await begun();
    const before = await executable.read();
    const given = firstWeights(executable, 2);
    await executable.write({ parameters: given });
    for (const { data } of Object.values(given)) data.fill(0);
    const after = await executable.read();
    expect(after.parameters).not.toEqual(before.parameters);
    for (const { data } of Object.values(after.parameters)) data.fill(0);
    await executable.write({ parameters: before.parameters });
    expect(await executable.read()).toEqual(before);
  });
});

test('only the cpu device promises bits', () => {
  const promises = (device: Device) =>
    typeof tfjs.deterministic === 'function' && tfjs.deterministic({ device, wasmPaths: {} });
  expect((['cpu', 'wasm', 'webgl', 'webgpu'] as const).filter(promises)).toEqual(['cpu']);
});
