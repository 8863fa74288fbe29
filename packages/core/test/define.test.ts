// A cell as short as its paper: name, source, equations, output, parameters.
import { expect, test } from 'vitest';
import { defineCell, glorotUniform, orthogonal, parseOptions, zeros } from '../src/index.ts';

const elman = defineCell({
  name: 'elman',
  source: 'Elman 1990, Finding structure in time',
  equations: 'h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh)',
  output: 'h',
  parameters: { Wxh: glorotUniform(), Whh: orthogonal(), bh: { shape: ['units'], init: zeros() } },
});

test('a cell that says nothing of options has units alone', () => {
  const options = parseOptions(elman.options, { units: 3 }, 'cell "elman"');
  expect(elman.module(options)).toEqual({
    name: 'elman',
    equations: 'h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh)',
    parameters: {
      Wxh: { init: glorotUniform() },
      Whh: { init: orthogonal() },
      bh: { shape: ['units'], init: zeros() },
    },
    sizes: { units: 3 },
    constants: {},
    shapes: {},
    initial: {},
    output: 'h',
  });
  expect(elman.options.defaults).toEqual({ units: 64 });
  expect(() => parseOptions(elman.options, { unit: 3 }, 'cell "elman"')).toThrow(/option "unit" is not known/);
});

test('a cell that says nothing of its package has the name that others publish under', () => {
  expect(elman.package).toBe('unrolled-cell-elman');
});
