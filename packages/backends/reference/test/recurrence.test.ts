// Recurrences whose states only hand values on: all of them change at once.
import type { Batch, EquationModule } from '@unrolled/core';
import { expect, test } from 'vitest';
import { reference } from '../src/index.ts';

/** Outputs of a cell of one unit over the inputs 1, 2, 3, 4, in either direction. */
async function outputsOf(
  equations: string,
  {
    direction = 'forward',
    states = {},
    ...extras
  }: Partial<EquationModule> & {
    readonly direction?: 'forward' | 'backward';
    readonly states?: Readonly<Record<string, number>>;
  } = {},
): Promise<readonly number[]> {
  const bare = { parameters: {}, sizes: { units: 1 }, constants: {}, shapes: {}, initial: {} };
  const module: EquationModule = { ...bare, name: 'cell', equations, output: 'y', ...extras };
  const executable = await reference.compile({})(
    {
      language: 1,
      input: { kind: 'vectors', size: 1 },
      layers: [{ module, direction, dropout: {} }],
      output: { ...bare, sizes: {}, name: 'steps', equations: 'y[t] = h[t]', output: 'y' },
      target: { kind: 'values', size: 1, per: 'step' },
    },
    {},
  );
  const batch: Batch = {
    size: 1,
    time: 4,
    inputs: { x: Float64Array.of(1, 2, 3, 4) },
    lengths: Int32Array.of(4),
    exampleIndex: Int32Array.of(0),
    start: Int32Array.of(2),
  };
  const given = Object.entries(states).map(([name, value]) => [
    `layers.0.${name}`,
    { shape: [1, 1], data: Float64Array.of(value) },
  ]);
  const state = { ...executable.initialState(1), ...Object.fromEntries(given) };
  return [...(await executable.forward(batch, state, { mode: 'infer' })).output.data];
}

const vectors = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, [1]]));

test('older steps by states in a row, whichever line comes first', async () => {
  const shapes = vectors('a', 'b', 'c');
  const expected = [0, 0, 0, 1];
  expect(await outputsOf('a[t] = x[t]\nb[t] = a[t-1]\nc[t] = b[t-1]\ny[t] = c[t-1]', { shapes })).toEqual(expected);
  expect(await outputsOf('c[t] = b[t-1]\nb[t] = a[t-1]\na[t] = x[t]\ny[t] = c[t-1]', { shapes })).toEqual(expected);
});

test('two states that change places', async () => {
  const options = { shapes: vectors('a', 'b'), states: { a: 1, b: 5 } };
  expect(await outputsOf('a[t] = b[t-1]\nb[t] = a[t-1]\ny[t] = 10 * a[t] + b[t] + 0 * x[t]', options)).toEqual([
    51, 15, 51, 15,
  ]);
});

test('backward, the step before is the one after', async () => {
  const shapes = vectors('a');
  expect(await outputsOf('a[t] = x[t]\ny[t] = a[t-1]', { shapes, direction: 'backward' })).toEqual([2, 3, 4, 0]);
  expect(await outputsOf('y[t] = [t] + 0 * x[t]')).toEqual([3, 4, 5, 6]);
  expect(await outputsOf('y[t] = [t] + 0 * x[t]', { direction: 'backward' })).toEqual([4, 3, 2, 1]);
});

test('the last step is that where the layer ends', async () => {
  for (const operand of ['x[s]', '2 * x[s] - x[s]']) {
    expect(await outputsOf(`y[t] = last_s(${operand})`)).toEqual([4, 4, 4, 4]);
    expect(await outputsOf(`y[t] = last_s(${operand})`, { direction: 'backward' })).toEqual([1, 1, 1, 1]);
  }
});

test('powers of whole and other exponents', async () => {
  expect(await outputsOf('y[t] = x[t]^0')).toEqual([1, 1, 1, 1]);
  expect(await outputsOf('y[t] = x[t]^3 + x[t]^1')).toEqual([2, 10, 30, 68]);
  expect(await outputsOf('y[t] = x[t]^-2')).toEqual([1, 1 / 4, 1 / 9, 1 / 16]);
  expect(await outputsOf('y[t] = (x[t] * x[t])^0.5')).toEqual([1, 2, 3, 4]);
  (await outputsOf('y[t] = 2^x[t] + x[t]^-0.5')).forEach((value, i) => {
    expect(value).toBeCloseTo(2 ** (i + 1) + 1 / Math.sqrt(i + 1), 12);
  });
});
