// What is vanilla's own: its names, its shapes, and how it is used alone.
import { reference } from '@unrolled/backend-reference';
import { isUnrolledError, type NetworkDescription } from '@unrolled/core';
import { expect, test } from 'vitest';
import { vanilla, vanillaCell } from '../src/index.ts';

test('alone it is the module of the plug-in, with defaults filled in', () => {
  expect(vanillaCell()).toEqual(vanilla.module(vanilla.options.defaults));
  expect(vanillaCell({ units: 3 })).toEqual(vanilla.module({ ...vanilla.options.defaults, units: 3 }));
});

test('wrong options are refused', () => {
  const refusal = (options: object) => {
    try {
      vanillaCell(options);
    } catch (error) {
      expect(isUnrolledError(error, 'OPTION_INVALID')).toBe(true);
      return (error as Error).message;
    }
    return 'taken';
  };
  expect(refusal({ units: 0 })).toMatch(/cell "vanilla": option "units" must be a whole number/);
  expect(refusal({ unit: 3 })).toMatch(/option "unit" is not known; options are units/);
});

test('h[t] = tanh(Wxh x[t] + Whh h[t-1] + bh)', async () => {
  const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
  const network: NetworkDescription = {
    language: 1,
    input: { kind: 'vectors', size: 2 },
    layers: [{ module: vanillaCell({ units: 2 }), direction: 'forward', dropout: {} }],
    output: { ...bare, name: 'steps', equations: 'y[t] = h[t]', output: 'y' },
    target: { kind: 'values', size: 2, per: 'step' },
  };
  const executable = await reference.compile({})(network, {});
  const [Wxh, Whh, bh] = [
    [0.5, -1, 0.25, 2],
    [0.1, 0.2, -0.3, 0.4],
    [0.05, -0.1],
  ];
  await executable.write({
    parameters: {
      'layers.0.Wxh': { shape: [2, 2], data: Float64Array.from(Wxh) },
      'layers.0.Whh': { shape: [2, 2], data: Float64Array.from(Whh) },
      'layers.0.bh': { shape: [2], data: Float64Array.from(bh) },
    },
  });
  const batch = {
    size: 1,
    time: 2,
    inputs: { x: Float64Array.of(1, 0, 0, 1) },
    lengths: Int32Array.of(2),
    exampleIndex: Int32Array.of(0),
    start: Int32Array.of(0),
  };
  const { output } = await executable.forward(batch, executable.initialState(1), { mode: 'infer' });
  const [a, b] = [Math.tanh(0.5 + 0.05), Math.tanh(0.25 - 0.1)];
  const second = [Math.tanh(-1 + 0.1 * a + 0.2 * b + 0.05), Math.tanh(2 - 0.3 * a + 0.4 * b - 0.1)];
  [a, b, ...second].forEach((value, i) => {
    expect(output.data[i]).toBeCloseTo(value, 14);
  });
});
