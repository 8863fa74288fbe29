// The reference in float32: each value is the nearest number of float32 to what its operands, rounded too, give.
import type { EquationModule, NetworkDescription } from '@unrolled/core';
import { expect, test } from 'vitest';
import { referenceBackend, roundedReference } from '../src/index.ts';

const bare = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
const head: EquationModule = {
  ...bare,
  name: 'head',
  equations: 'z[t] = h[t] / 3\ny[t] = z[t] * z[t] + 0.1',
  output: 'y',
};
const network: NetworkDescription = {
  language: 1,
  input: { kind: 'vectors', size: 2 },
  layers: [],
  output: head,
  target: { kind: 'values', size: 2, per: 'step' },
};
const x = Float64Array.of(1, 2, 5, 7);
const batch = {
  size: 1,
  time: 2,
  inputs: { x },
  lengths: Int32Array.of(2),
  exampleIndex: Int32Array.of(0),
  start: Int32Array.of(0),
};
const outputGradient = { shape: [2, 1, 2], data: Float64Array.of(1, 1, 1, 1) };

test('every value is rounded, forward and backward', async () => {
  const [exact, rounded] = await Promise.all(
    [referenceBackend(), roundedReference()].map(async (compile) => {
      const executable = await compile(network, {});
      return executable.gradients(batch, executable.initialState(1), { outputGradient });
    }),
  );
  const { fround } = Math;
  const third = (value: number) => fround(value / 3);
  expect([...(rounded?.output.data ?? [])]).toEqual([...x].map((v) => fround(fround(third(v) ** 2) + fround(0.1))));
  expect(rounded?.output.data).not.toEqual(exact?.output.data);
  const slopes = [...(rounded?.inputs.x?.data ?? [])];
  expect(slopes).toEqual(slopes.map(fround));
  slopes.forEach((slope, i) => {
    const wanted = exact?.inputs.x?.data[i] as number;
    expect(slope).not.toBe(wanted);
    expect(Math.abs(slope / wanted - 1)).toBeLessThan(4 * 2 ** -24);
  });
});
