// Where random masks are drawn anew: each step, sequence, example, unit and place in the equations has its own.
import { type Batch, type EquationModule, fillMask, type NetworkDescription } from '@unrolled/core';
import { expect, test } from 'vitest';
import { reference } from '../src/index.ts';

const key = { seed: 9, update: 3 };
const steps = 5;
const units = 4;
const examples = Int32Array.of(7, 2);
const starts = Int32Array.of(0, 6);

/** Two sequences of ones: what comes out of a mask is the mask. */
const batch: Batch = {
  size: 2,
  time: steps,
  inputs: { x: new Float64Array(2 * steps * units).fill(1) },
  lengths: Int32Array.of(steps, steps),
  exampleIndex: examples,
  start: starts,
};

/** Output of a head at each step: by step, row and unit. */
async function outputOf(equations: string, network: Partial<NetworkDescription> = {}) {
  const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
  const output: EquationModule = { ...bare, name: 'head', equations, output: 'y' };
  const target = { kind: 'values', size: units, per: 'step' } as const;
  const executable = await reference.compile({})(
    { language: 1, input: { kind: 'vectors', size: units }, layers: [], output, target, ...network },
    {},
  );
  const { data } = (await executable.forward(batch, executable.initialState(2), { mode: 'train', key })).output;
  return (step: number, row: number) => [...data.subarray((step * 2 + row) * units, (step * 2 + row + 1) * units)];
}

/** Dropout's mask with rate 0.5, as core draws it. */
function drawn(site: number, row: number, step: number, n = units): readonly number[] {
  const mask = new Float64Array(n);
  fillMask(mask, 0, n, { ...key, site, example: examples[row] as number, step }, 0.5, 2);
  return [...mask];
}

const places = [0, 1].flatMap((row) => Array.from({ length: steps }, (_, step) => [row, step] as const));

test('dropout: each step of the whole sequence', async () => {
  const at = await outputOf('y[t] = dropout(h[t], 0.5)');
  for (const [row, step] of places) expect(at(step, row)).toEqual(drawn(0, row, (starts[row] as number) + step));
  expect(new Set(places.map(([row, step]) => at(step, row).join())).size).toBeGreaterThan(steps);
});

test('dropoutSequence: the same at every step, wherever the batch begins', async () => {
  const at = await outputOf('y[t] = dropoutSequence(h[t], 0.5)');
  for (const [row, step] of places) expect(at(step, row)).toEqual(drawn(0, row, 0));
});

test('each call has masks of its own', async () => {
  const at = await outputOf('y[t] = dropout(h[t], 0.5) + 10 * dropout(h[t], 0.5)');
  for (const [row, step] of places) {
    const [first, second] = [0, 1].map((site) => drawn(site, row, (starts[row] as number) + step));
    expect(at(step, row)).toEqual(first?.map((value, unit) => value + 10 * (second?.[unit] as number)));
  }
});

test('zoneout keeps the old where the mask says so', async () => {
  const at = await outputOf('y[t] = zoneout(h[t], 5 * h[t], 0.5)');
  for (const [row, step] of places) {
    const mask = drawn(0, row, (starts[row] as number) + step);
    expect(at(step, row)).toEqual(mask.map((value) => (value > 0 ? 5 : 1)));
  }
});

test('a second index: each step and position, whose units are drawn in a row', async () => {
  const at = await outputOf('e[t,s] = dropout(h[s], 0.5)\ny[t] = sum_s(e[t,s])');
  for (const [row, step] of places) {
    const mask = drawn(0, row, (starts[row] as number) + step, steps * units);
    const sums = Array.from({ length: units }, (_, unit) =>
      Array.from({ length: steps }, (__, s) => mask[s * units + unit] as number).reduce((a, b) => a + b),
    );
    expect(at(step, row)).toEqual(sums);
  }
});

test('a pool of dropout drops at each step, not once', async () => {
  const at = await outputOf('p = sum_s(dropout(h[s], 0.5))\ny[t] = p + 0 * h[t]');
  for (const row of [0, 1]) {
    const masks = Array.from({ length: steps }, (_, step) => drawn(0, row, (starts[row] as number) + step));
    const sums = masks.reduce((a, b) => a.map((value, unit) => value + (b[unit] as number)));
    expect(at(0, row)).toEqual(sums);
  }
});

test('a layer’s dropout, before and after it', async () => {
  const bare = { parameters: {}, sizes: { units }, constants: {}, shapes: {}, initial: {} };
  const module: EquationModule = { ...bare, name: 'pass', equations: 'h[t] = x[t]', output: 'h' };
  const dropout = { input: 0.5, inputSequence: 0.5, output: 0.5 };
  const layers = [{ module, direction: 'forward', dropout }] as const;
  const at = await outputOf('y[t] = h[t]', { layers });
  for (const [row, step] of places) {
    const now = (starts[row] as number) + step;
    const masks = [drawn(0, row, now), drawn(1, row, 0), drawn(2, row, now)];
    expect(at(step, row)).toEqual(masks.reduce((a, b) => a.map((value, unit) => value * (b[unit] as number))));
  }
});
