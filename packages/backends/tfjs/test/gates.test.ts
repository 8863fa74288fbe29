// Gates of a cell are computed together, found by the structure of their equations: fewer operations, the same numbers.
import { reference } from '@unrolled/backend-reference';
import { lstmCell } from '@unrolled/cell-lstm';
import type { EquationModule, NetworkDescription } from '@unrolled/core';
import { buildNetwork } from '@unrolled/equations';
import { relativeError } from '@unrolled/goldens';
import { programOf } from '@unrolled/tfjs';
import { expect, test } from 'vitest';
import { compileOn, firstWeights } from './devices.ts';
import { idsBatch, reviewsNetwork } from './networks.ts';

const drawn = { init: 'uniform', minimum: -0.9, maximum: 0.9 } as const;

/** A cell of `units` whose parameters are the capitalised and b-words of its text. */
function cell(equations: string, more: Partial<EquationModule> = {}): EquationModule {
  const names = new Set(equations.match(/\b([WUVP]\w*|b\w+)\b/g));
  const parameters = Object.fromEntries([...names].map((name) => [name, { init: drawn }]));
  const shared = { constants: {}, shapes: {}, initial: {}, output: 'h' };
  return { name: 'cell', equations, parameters, sizes: { units: 3 }, ...shared, ...more };
}

const gru = `
  r[t] = σ(Wr @ x[t] + Ur @ h[t-1] + br)
  z[t] = σ(Wz @ x[t] + Uz @ h[t-1] + bz)`;

/** Cells, and how many operations one step takes. What is cut out of a pack is none; sums with what comes from outside are one each. */
const cells: readonly (readonly [string, EquationModule, number])[] = [
  // Product, sum, σ of three; tanh; f ⊙ c, i ⊙ g, their sum, tanh, o ⊙.
  ['lstm', lstmCell({ units: 3 }), 9],
  // Three products, sum and σ of r and z; then one by one: + bu, r ⊙, + Wn, tanh, 1 −, ⊙ n, z ⊙, +.
  [
    'gru, reset after the product',
    cell(`${gru}
      n[t] = tanh(Wn @ x[t] + bn + r[t] ⊙ (Un @ h[t-1] + bu))
      h[t] = (1 - z[t]) ⊙ n[t] + z[t] ⊙ h[t-1]`),
    11,
  ],
  [
    'gru, reset before the product',
    cell(`${gru}
      n[t] = tanh(Wn @ x[t] + Un @ (r[t] ⊙ h[t-1]) + bn)
      h[t] = (1 - z[t]) ⊙ n[t] + z[t] ⊙ h[t-1]`),
    11,
  ],
  // Four products at once; the rest one by one, as P ⊙ c is no product of a matrix.
  [
    'gates that see the cell',
    cell(
      `
      i[t] = σ(Wi @ x[t] + Ui @ h[t-1] + Pi ⊙ c[t-1] + bi)
      f[t] = σ(Wf @ x[t] + Uf @ h[t-1] + Pf ⊙ c[t-1] + bf)
      c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ tanh(Wc @ x[t] + Uc @ h[t-1] + bc)
      o[t] = σ(Wo @ x[t] + Uo @ h[t-1] + Po ⊙ c[t] + bo)
      h[t] = o[t] ⊙ tanh(c[t])`,
      { shapes: { c: ['units'] } },
    ),
    20,
  ],
  [
    'gates of two sizes',
    cell(
      `
      a[t] = relu(Wa @ x[t] + Ua @ h[t-1] + ba)
      k[t] = relu(Wk @ x[t] + Uk @ h[t-1] + bk)
      h[t] = tanh(Va @ a[t] + Vk @ k[t])`,
      { shapes: { a: [2], k: [4] } },
    ),
    7,
  ],
  // Three for p; two pairs of products, their sums, the sums with what is outside, tanh; Uk ⊙, −.
  [
    'products that are summed among themselves',
    cell(
      `
      p[t] = 0.5 * p[t-1] + 0.3 * h[t-1]
      a[t] = tanh(Wa @ x[t] + (Ua @ h[t-1] + Va @ p[t-1]) + ba)
      k[t] = tanh((Wk @ x[t] + bk) + (Uk @ h[t-1] + Vk @ p[t-1]))
      h[t] = a[t] - k[t] ⊙ (Uk @ h[t-1])`,
      { shapes: { p: ['units'] } },
    ),
    10,
  ],
  [
    'a scalar gate for all',
    cell(`
      s[t] = σ(sum(h[t-1]))
      a[t] = tanh(s[t] * (Ua @ h[t-1]) + Wa @ x[t] + ba)
      k[t] = tanh(s[t] * (Uk @ h[t-1]) + Wk @ x[t] + bk)
      h[t] = max(a[t], k[t])`),
    7,
  ],
  [
    'squares of a product',
    cell('h[t] = tanh((U1 @ h[t-1]) ⊙ (U1 @ h[t-1]) + (U2 @ h[t-1]) ⊙ (U2 @ h[t-1]) + W @ x[t])'),
    5,
  ],
];

test.each(cells)('%s', async (_, module, steps) => {
  const network: NetworkDescription = {
    ...reviewsNetwork(),
    layers: (['forward', 'backward'] as const).map((direction) => ({ module, direction, dropout: {} })),
  };
  const { builder, output } = buildNetwork(network);
  const bodies = [...programOf(builder, [output]).scans.values()].map(({ body }) => body.length);
  expect(bodies).toEqual([steps, steps]);
  const [ours, theirs] = [await compileOn('cpu', network), await reference.compile({})(network, {})];
  for (const executable of [ours, theirs]) await executable.write({ parameters: firstWeights(theirs) });
  const batch = idsBatch([4, 2, 5]);
  const [found, wanted] = [
    await ours.gradients(batch, ours.initialState(3), {}),
    await theirs.gradients(batch, theirs.initialState(3), {}),
  ];
  expect(relativeError(found.output.data, wanted.output.data)).toBeLessThan(1e-5);
  for (const [name, { data }] of Object.entries(wanted.parameters))
    expect(relativeError(found.parameters[name]?.data ?? [], data), name).toBeLessThan(2e-5);
  const names = ['layers.0.h', 'layers.1.h'];
  const [traced, expected] = [
    await ours.trace(batch, ours.initialState(3), names),
    await theirs.trace(batch, theirs.initialState(3), names),
  ];
  for (const name of names)
    expect(relativeError(traced[name]?.data ?? [], expected[name]?.data ?? []), name).toBeLessThan(1e-5);
});
