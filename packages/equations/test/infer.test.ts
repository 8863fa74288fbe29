// Shapes follow from use, in whichever order the text settles them.
import { expect, test } from 'vitest';
import { buildNetwork } from '../src/index.ts';
import { type Extras, moduleOf, networkOf } from './networks.ts';

/** Shapes of the parameters of a cell with input `[2]` and 3 units. */
function shapesOf(equations: string, parameters: Extras['parameters'] & object, extras: Extras = {}) {
  const cell = moduleOf('cell', equations, 'h', { sizes: { units: 3 }, ...extras, parameters });
  const found = buildNetwork(networkOf(cell)).parameters;
  return Object.fromEntries(found.map(({ name, shape }) => [name.replace('layers.0.', ''), shape]));
}

test('from products, sums and assignments', () => {
  const shapes = shapesOf('h[t] = tanh(W @ x[t] + Uᵀ @ h[t-1] + b)', { W: undefined, U: undefined, b: undefined });
  expect(shapes).toEqual({ W: [3, 2], U: [3, 3], b: [3] });
});

test('through values without a shape of their own', () => {
  const shapes = shapesOf('z[t] = V @ x[t]\nq[t] = z[t] * g\nh[t] = tanh(h[t-1] + q[t])', {
    V: undefined,
    g: undefined,
  });
  expect(shapes).toEqual({ V: [3, 2], g: [3] });
});

test('from lines that come later', () => {
  // a has the size of x only in the last line; then the join, the product and W follow, from the end to the beginning.
  const equations = `
    j[t] = [a; x[t]]
    k[t] = [j[t]; a]
    z[t] = W @ k[t]
    h[t] = tanh(h[t-1] + z[t] * (a · x[t]))
  `;
  expect(shapesOf(equations, { a: undefined, W: undefined })).toEqual({ a: [2], W: [3, 6] });
});

test('from slices without an end, once the whole is known', () => {
  const equations = 'z[t] = b[1:]\nh[t] = tanh(h[t-1] + W @ z[t]) * (b · [x[t]; x[t]])';
  expect(shapesOf(equations, { b: undefined, W: undefined })).toEqual({ b: [4], W: [3, 3] });
});

test('where they are declared, by number, size or option', () => {
  const shapes = shapesOf(
    'c[t] = 0.5 * c[t-1] + P @ x[t]\nh[t] = tanh(h[t-1] + Q @ c[t]) * k',
    { P: ['memory', 'inputs'], Q: ['units', 4], k: [] },
    { sizes: { units: 3, memory: 4 }, shapes: { c: ['memory'] } },
  );
  expect(shapes).toEqual({ P: [4, 2], Q: [3, 4], k: [] });
});

test('a learned first value has its state’s shape, listed or not', () => {
  const learned = { initial: { h: 'learned' } } as const;
  expect(shapesOf('h[t] = tanh(h[t-1])', {}, learned)).toEqual({ h0: [3] });
  expect(shapesOf('h[t] = tanh(h[t-1])', { h0: undefined }, learned)).toEqual({ h0: [3] });
  expect(shapesOf('h[t] = tanh(h[t-1] + h0)', { h0: undefined }, learned)).toEqual({ h0: [3] });
});
