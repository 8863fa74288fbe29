// What a loop reads and carries besides vectors: class numbers, matrices and tables of each sequence, positions of a second index.
import { reference } from '@unrolled/backend-reference';
import type { EquationModule, NetworkDescription } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { describe, expect, test } from 'vitest';
import { compileOn, firstWeights } from './devices.ts';
import { idsBatch, reviewsNetwork } from './networks.ts';

const drawn = { init: 'uniform', minimum: -0.8, maximum: 0.8 } as const;

/** Cells over one-hot vectors of seven classes. */
const cells: readonly (readonly [string, string, Partial<EquationModule>])[] = [
  ['a class number picks an element of the state', 'h[t] = tanh(U @ h[t-1] + (x[t] · h[t-1]) * b)', {}],
  [
    'a class number picks a column of a matrix that is carried',
    'M[t] = 0.5 * M[t-1] + 0.1 * (x[t] · h[t-1]) * U\nh[t] = tanh(M[t-1] @ x[t] + b)',
    { shapes: { M: [7, 7] } },
  ],
  [
    'a matrix that is carried multiplies a vector, from either side',
    'M[t] = tanh(0.5 * M[t-1] + U)\nh[t] = tanh(M[t-1] @ (b + h[t-1]) + M[t-1]ᵀ @ b)',
    { shapes: { M: [7, 7] } },
  ],
  [
    'a loop attends to every position',
    'k[s] = U @ x[s] + b\na[t,s] = softmax_s(k[s] · h[t-1])\nh[t] = tanh(sum_s(a[t,s] * k[s]) + dropout(h[t-1], 0.3))',
    {},
  ],
  ['a carry that does not change', 'p[t] = p[t-1]\nh[t] = tanh(U @ h[t-1] + p[t-1] ⊙ b)', { shapes: { p: [7] } }],
  ['a carry that is the same for all', 'p[t] = b\nh[t] = tanh(U @ h[t-1] + p[t-1])', { shapes: { p: [7] } }],
];

describe.each(['cpu', 'wasm'] as const)('on %s', (device) => {
  test.each(cells)('%s', async (_, equations, more) => {
    const module: EquationModule = {
      name: 'cell',
      equations,
      parameters: { U: { shape: [7, 7], init: drawn }, b: { shape: [7], init: drawn } },
      sizes: { units: 7 },
      constants: {},
      shapes: {},
      initial: {},
      output: 'h',
      ...more,
    };
    const network: NetworkDescription = {
      ...reviewsNetwork(),
      input: { kind: 'ids', vocabulary: 7 },
      layers: [{ module, direction: 'forward', dropout: {} }],
    };
    const [ours, theirs] = [await compileOn(device, network), await reference.compile({})(network, {})];
    for (const executable of [ours, theirs]) await executable.write({ parameters: firstWeights(theirs) });
    const batch = idsBatch([4, 1, 0, 5]);
    const state = Object.fromEntries(
      Object.entries(theirs.initialState(4)).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((_, i) => ((i * 7) % 5) / 5 - 0.4) },
      ]),
    );
    const key = { seed: 2, update: 1 };
    const [found, wanted] = [
      await ours.gradients(batch, state, { key }),
      await theirs.gradients(batch, state, { key }),
    ];
    expect(relativeError([found.loss], [wanted.loss])).toBeLessThan(1e-5);
    for (const part of ['parameters', 'state', 'initialState'] as const)
      for (const [name, { data }] of Object.entries(wanted[part]))
        expect(relativeError(found[part][name]?.data ?? [], data), `${part} ${name}`).toBeLessThan(2e-5);
  });
});
