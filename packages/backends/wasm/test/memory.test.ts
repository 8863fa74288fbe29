// How much memory training takes: none anew at each step, little for each unit of a step, and all of it is given back.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Batch, Executable, NetworkDescription } from '@unrolled/core';
import { afterEach, expect, test } from 'vitest';
import { batchOf, embedding, lstmLayer, networkOf, ragged, weightsOf } from './trials.ts';
import { watched } from './watched.ts';

const opened: Executable[] = [];
afterEach(() => {
  for (const executable of opened.splice(0)) executable.dispose();
});

/** An executable with weights, and the bytes of its memory. */
async function opens(network: NetworkDescription, threads: number) {
  const made = await watched(network, { threads });
  opened.push(made.executable);
  await made.executable.write({ parameters: weightsOf(made.executable) });
  return made;
}

async function step(executable: Executable, batch: Batch, update: number): Promise<void> {
  const options = { key: { seed: 1, update }, learningRate: 0.01, accumulate: update % 5 === 0 };
  await executable.trainStep(batch, executable.initialState(batch.size), options);
}

test.each([1, 2])('200 steps of one shape grow no memory, with %i threads', async (threads) => {
  const network = networkOf({
    input: { kind: 'ids', vocabulary: 40, module: embedding },
    layers: [lstmLayer(32, { direction: 'both', dropout: { input: 0.2, output: 0.3 } })],
  });
  const { executable, bytes } = await opens(network, threads);
  const batches = [0, 1, 2].map((i) => batchOf(network, ragged(20, 15), { name: `number ${i}` }));
  await step(executable, batches[0] as Batch, 0);
  const before = bytes();
  expect(before).toBeGreaterThan(0);
  for (let update = 1; update <= 200; update++) await step(executable, batches[update % 3] as Batch, update);
  expect(bytes()).toBe(before);
});

test.each([1, 2])(
  'a step of an LSTM keeps at most 1.2 times seven numbers a unit, with %i threads',
  async (threads) => {
    const [size, units] = [32, 64];
    const network = networkOf({ input: { kind: 'vectors', size: 1 }, layers: [lstmLayer(units)] });
    const { executable, bytes } = await opens(network, threads);
    const bytesAfter = async (time: number): Promise<number> => {
      await step(executable, batchOf(network, new Array(size).fill(time)), 1);
      return bytes();
    };
    const [short, long] = [await bytesAfter(100), await bytesAfter(500)];
    const numbers = (long - short) / 4 / (400 * size * units);
    // Gates, candidate, cell state, its tanh and the hidden state; less would say that nothing was measured.
    expect(numbers).toBeGreaterThan(4);
    expect(numbers).toBeLessThanOrEqual(1.2 * 7);
  },
);

test('compiling and disposing 1,000 times leaves nothing that matters', async () => {
  const script = fileURLToPath(new URL('compile-often.ts', import.meta.url));
  const flags = ['--expose-gc', '--conditions=@unrolled/source', '--import', 'tsx', script];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  const held = JSON.parse(stdout) as readonly number[];
  expect(held).toHaveLength(10);
  // 2 kB for each, which the engine may keep of compiled code; one memory alone is some 800 kB.
  expect((held.at(-1) as number) - (held[1] as number)).toBeLessThan(800 * 2048);
});
