// The goldens are read as they were written: complete, of the right shapes, and equal to the equations worked by hand.
import { describe, expect, it } from 'vitest';
import { type GoldenTensor, type RecurrentCase, recurrentCases, relativeError } from '../src/index.ts';

const cases = recurrentCases();

describe('relativeError', () => {
  it('is relative to the largest magnitude expected, and to 1e-3 at least', () => {
    expect(relativeError([1, 2.5], [1, 2])).toBe(0.25);
    expect(relativeError([1e-6], [0])).toBeCloseTo(1e-3, 12);
  });
  it('is infinite for another length, a NaN or a wrong infinity, and 0 for equal ones', () => {
    expect(relativeError([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([1], [Number.NaN])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([Number.POSITIVE_INFINITY], [1])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([Number.NaN, Number.NEGATIVE_INFINITY], [Number.NaN, Number.NEGATIVE_INFINITY])).toBe(0);
  });
});

describe('recurrent goldens', () => {
  it('cover every direction, head, loss, input and length that backends must get right', () => {
    const seen = (pick: (c: RecurrentCase) => unknown) => new Set(cases.flatMap(pick));
    expect(seen((c) => c.network.layers.map((layer) => `${layer.cell} ${layer.direction}`)).size).toBe(6);
    expect(seen((c) => c.network.head)).toEqual(new Set(['hidden', 'steps', 'last', 'mean', 'max']));
    expect(seen((c) => c.network.loss).size).toBe(4);
    expect(seen((c) => [...c.batch.lengths])).toEqual(new Set([0, 1, 2, 4, 6, 7, 17, 23, 50]));
    expect(new Set(cases.map((c) => c.name)).size).toBe(cases.length);
  });

  it.each(cases)('$name has gradients of the shape of what they belong to', (golden) => {
    const { batch, expected } = golden;
    for (const part of ['parameters', 'initialState'] as const) {
      expect(Object.keys(expected[part])).toEqual(Object.keys(golden[part]));
      for (const [name, tensor] of Object.entries(expected[part])) {
        expect(tensor.shape).toEqual((golden[part][name] as GoldenTensor).shape);
        expect(tensor.data.every(Number.isFinite)).toBe(true);
      }
    }
    const x = expected.inputs.x;
    expect(x === undefined).toBe(golden.network.input.kind === 'ids');
    expect(x?.data.length ?? batch.inputs.x.length).toBe(batch.inputs.x.length);
    expect(Math.max(...batch.lengths)).toBe(batch.time);
  });

  it('hold what the equations give', () => {
    const golden = cases.find((c) => c.name === 'vanilla forward T=1') as RecurrentCase;
    const [Wxh, bh] = ['Wxh', 'bh'].map((name) => (golden.parameters[`layers.0.${name}`] as GoldenTensor).data);
    const h = Array.from({ length: 4 }, (_, unit) => {
      let z = bh?.[unit] as number;
      for (let k = 0; k < 3; k++) z += (Wxh?.[unit * 3 + k] as number) * (golden.batch.inputs.x[k] as number);
      return Math.tanh(z);
    });
    expect(relativeError(h, golden.expected.output.data)).toBeLessThan(1e-14);
  });
});
