// In batches of many rows, as in small ones: who stands beside a sequence, and sequences without steps, change no bit.
import type { Batch, Executable, NetworkDescription } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { wasmBackend } from '../src/index.ts';
import { batchOf, bitsOf, lstmLayer, moduleOf, networkOf, ragged, weightsOf } from './trials.ts';

const perStep: Partial<NetworkDescription> = {
  output: moduleOf('y[t] = V @ h[t] + b', 'y', { V: ['size', 'hidden'], b: undefined }, { sizes: { size: 3 } }),
  target: { kind: 'class', size: 3, per: 'step' },
};
const networks: Readonly<Record<string, NetworkDescription>> = {
  'one answer': networkOf({ layers: [lstmLayer(16, { direction: 'both', dropout: { input: 0.3 } })] }),
  'an answer at each step': networkOf({ layers: [lstmLayer(12)], ...perStep }),
};

/** Some rows of a batch, in some order; −1 is a sequence without steps. */
function rowsOf({ input, target }: NetworkDescription, batch: Batch, rows: readonly number[]): Batch {
  const pick = <T extends Float64Array | Int32Array>(data: T, width: number, outer: number): T => {
    const out = new (data.constructor as new (length: number) => T)(outer * rows.length * width);
    for (let t = 0; t < outer; t++)
      rows.forEach((row, place) => {
        const from = (t * batch.size + row) * width;
        if (row >= 0) out.set(data.subarray(from, from + width) as never, (t * rows.length + place) * width);
      });
    return out;
  };
  const terms = target.per === 'step' ? batch.time : 1;
  return {
    ...batch,
    size: rows.length,
    inputs: { x: pick(batch.inputs.x as Float64Array, input.kind === 'ids' ? 1 : input.size, batch.time) },
    lengths: pick(batch.lengths, 1, 1),
    targets: pick(batch.targets as Int32Array, 1, terms),
    weights: pick(batch.weights as Float64Array, 1, terms),
    exampleIndex: pick(batch.exampleIndex, 1, 1),
    start: pick(batch.start, 1, 1),
  };
}

async function open(network: NetworkDescription): Promise<Executable> {
  const executable = await wasmBackend()(network, { threads: 1 });
  await executable.write({ parameters: weightsOf(executable) });
  return executable;
}

describe.each(Object.entries(networks))('%s', (_, network) => {
  test.each([5, 8, 16, 33, 70])('%i sequences have the gradient that they have among empty ones', async (size) => {
    const executable = await open(network);
    const batch = batchOf(
      network,
      ragged(size, 9).map((length) => Math.max(1, length)),
    );
    const key = { seed: 2, update: 5 };
    const whole = await executable.gradients(batch, executable.initialState(size), { key });
    for (const empty of [1, 3, 20]) {
      const rows = Array.from({ length: size }, (_, row) => row);
      for (let i = 0; i < empty; i++) rows.splice((i * 7) % (rows.length + 1), 0, -1);
      const wider = rowsOf(network, batch, rows);
      const result = await executable.gradients(wider, executable.initialState(wider.size), { key });
      expect(bitsOf(result.parameters, result.loss)).toBe(bitsOf(whole.parameters, whole.loss));
    }
    executable.dispose();
  });

  test('each of many sequences gives what it gives alone', async () => {
    const executable = await open(network);
    const batch = batchOf(network, ragged(40, 11));
    const key = { seed: 2, update: 5 };
    const together = await executable.forward(batch, executable.initialState(40), { mode: 'train', key });
    for (const row of [0, 1, 7, 8, 19, 32, 39]) {
      const alone = await executable.forward(rowsOf(network, batch, [row]), executable.initialState(1), {
        mode: 'train',
        key,
      });
      for (const [name, { data, shape }] of Object.entries(alone.state)) {
        const width = shape.slice(1).reduce((a, b) => a * b, 1);
        const whole = together.state[name]?.data.slice(row * width, (row + 1) * width);
        expect([...data]).toEqual([...(whole ?? [])]);
      }
    }
    executable.dispose();
  });
});
