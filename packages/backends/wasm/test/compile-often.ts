// A process that compiles, uses and disposes many times; says what it holds after each hundred, in bytes.
import { setTimeout as sleep } from 'node:timers/promises';
import { wasmBackend } from '../src/index.ts';
import { batchOf, layerOf, moduleOf, networkOf, ragged } from './trials.ts';

const cell = moduleOf(
  'h[t] = tanh(W @ x[t] + U @ h[t-1])',
  'h',
  { W: undefined, U: undefined },
  { sizes: { units: 4 } },
);
const network = networkOf({ layers: [layerOf(cell)] });
const batch = batchOf(network, ragged(3, 4));
const held: number[] = [];
for (let cycle = 1; cycle <= 1000; cycle++) {
  const executable = await wasmBackend()(network, { threads: cycle % 25 === 0 ? 2 : 1 });
  // Calls are compiled when they are first made; a few cycles do so.
  if (cycle % 50 < 2)
    await executable.trainStep(batch, executable.initialState(3), { key: { seed: 1, update: 0 }, learningRate: 0.1 });
  executable.dispose();
  if (cycle % 100 > 0) continue;
  await sleep(30);
  global.gc?.();
  await sleep(30);
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  held.push(heapUsed + external);
}
console.log(JSON.stringify(held));
