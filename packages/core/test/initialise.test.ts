// First values of parameters: determinism, bounds and moments by initializer, orthonormality.
import { describe, expect, test } from 'vitest';
import {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  identity,
  initialise,
  isUnrolledError,
  murmur3,
  normal,
  ones,
  orthogonal,
  uniform,
  zeros,
} from '../src/index.ts';

const of = (init: Initializer, shape: readonly number[], name = 'layers.0.Whh', seed = 1) =>
  initialise({ name, shape, init }, seed);

function moments(values: Float64Array): { mean: number; deviation: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square), largest: values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) };
}

describe('determinism', () => {
  test('values are pinned', () => {
    expect([...of(uniform(-1, 1), [3])]).toMatchInlineSnapshot(`
      [
        0.8238869613043991,
        0.6121112976431711,
        0.9681244990595743,
      ]
    `);
    expect([...of(normal(0, 1), [3])]).toMatchInlineSnapshot(`
      [
        0.7604679353944177,
        -2.069116074545162,
        2.2412033704529164,
      ]
    `);
    expect([...of(orthogonal(), [2, 2])]).toMatchInlineSnapshot(`
      [
        0.344971132138059,
        -0.9386132952347234,
        0.9386132952347234,
        0.344971132138059,
      ]
    `);
    expect(murmur3('layers.0.Whh')).toMatchInlineSnapshot(`3133906119`);
  });

  test('seed, name and nothing else decide', () => {
    const first = of(normal(), [5, 4]);
    expect(of(normal(), [5, 4])).toEqual(first);
    expect(of(normal(), [5, 4], 'layers.0.Whi')).not.toEqual(first);
    expect(of(normal(), [5, 4], 'layers.0.Whh', 2)).not.toEqual(first);
    expect(of(normal(), [5, 4], 'layers.0.Whh', 2 ** 32 + 1)).not.toEqual(first);
  });

  test('an element depends on its index, not on how many there are', () => {
    expect(of(normal(), [7, 3]).slice(0, 9)).toEqual(of(normal(), [9]));
  });

  test('a wrong seed is refused', () => {
    let thrown: unknown;
    try {
      of(normal(), [2], 'w', -1);
    } catch (error) {
      thrown = error;
    }
    expect(isUnrolledError(thrown, 'SEED_INVALID')).toBe(true);
  });
});

describe('plain ones', () => {
  test('zeros, ones, constant, identity, scalars', () => {
    expect([...of(zeros(), [2, 2])]).toEqual([0, 0, 0, 0]);
    expect([...of(ones(), [3])]).toEqual([1, 1, 1]);
    expect([...of(constant(0.25), [2])]).toEqual([0.25, 0.25]);
    expect([...of(identity(), [2, 3])]).toEqual([1, 0, 0, 0, 1, 0]);
    expect([...of(identity(), [3, 2])]).toEqual([1, 0, 0, 1, 0, 0]);
    expect(of(constant(2), [])).toEqual(Float64Array.of(2));
    expect(of(uniform(), []).length).toBe(1);
    expect(of(normal(), [0, 4]).length).toBe(0);
  });

  test.each([identity(), orthogonal()])('$init of a vector says what it needs', (init) => {
    expect(() => of(init, [4], 'bh')).toThrow(/"bh" begins as .+needs a matrix.+\[4\]/);
  });
});

describe('scales', () => {
  const out = 300;
  const into = 100;
  const tolerance = 4 / Math.sqrt(2 * out * into);

  test.each([
    ['uniform', uniform(-0.5, 1.5), 0.5, 2 / Math.sqrt(12)],
    ['normal', normal(3, 2), 3, 2],
    ['glorot-uniform', glorotUniform(), 0, Math.sqrt(2 / (out + into))],
    ['glorot-normal', glorotNormal(2), 0, 2 * Math.sqrt(2 / (out + into))],
    ['he-uniform', heUniform(), 0, Math.sqrt(2 / into)],
    ['he-normal', heNormal(), 0, Math.sqrt(2 / into)],
    ['orthogonal', orthogonal(), 0, Math.sqrt(1 / out)],
  ])('%s', (_, init, mean, deviation) => {
    const found = moments(of(init, [out, into]));
    expect(Math.abs(found.mean - mean)).toBeLessThan((deviation * 4) / Math.sqrt(out * into));
    expect(Math.abs(found.deviation / deviation - 1)).toBeLessThan(tolerance);
  });

  test('bounds of the uniform ones are kept and nearly reached', () => {
    const glorot = moments(of(glorotUniform(), [out, into])).largest / Math.sqrt(6 / (out + into));
    const he = moments(of(heUniform(3), [out, into])).largest / (3 * Math.sqrt(6 / into));
    for (const reached of [glorot, he]) {
      expect(reached).toBeLessThanOrEqual(1);
      expect(reached).toBeGreaterThan(0.999);
    }
  });

  test('a vector has its length as both fans; more axes join into the fan in', () => {
    expect(moments(of(glorotUniform(), [5000])).largest).toBeCloseTo(Math.sqrt(6 / 10_000), 4);
    expect(moments(of(heUniform(), [50, 20, 5])).largest).toBeCloseTo(Math.sqrt(6 / 100), 3);
  });
});

describe('orthogonal', () => {
  test.each([
    [1, 1],
    [64, 64],
    [10, 37],
    [37, 10],
    [129, 130],
  ])('%i × %i is orthonormal to 1e-12', (rows, columns) => {
    const values = of(orthogonal(0.5), [rows, columns]);
    const at = (i: number, j: number) => (values[i * columns + j] as number) / 0.5;
    const wide = rows <= columns;
    const count = Math.min(rows, columns);
    for (let a = 0; a < count; a++)
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let i = 0; i < Math.max(rows, columns); i++) product += wide ? at(a, i) * at(b, i) : at(i, a) * at(i, b);
        expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-12);
      }
  });

  test('is uniform over rotations and reflections: determinants of both signs, angles spread evenly', () => {
    let positive = 0;
    const quarters = [0, 0, 0, 0];
    for (let seed = 0; seed < 2000; seed++) {
      const [a, b, c, d] = of(orthogonal(), [2, 2], 'w', seed) as unknown as [number, number, number, number];
      if (a * d - b * c > 0) positive++;
      const quarter = (a > 0 ? 1 : 0) + (b > 0 ? 2 : 0);
      quarters[quarter] = (quarters[quarter] as number) + 1;
    }
    expect(Math.abs(positive - 1000)).toBeLessThan(90);
    for (const quarter of quarters) expect(Math.abs(quarter - 500)).toBeLessThan(80);
  });

  // 0.15 s on a free core; the bound leaves room for a busy one
  test('256 × 1024 takes less than three seconds', () => {
    const begun = performance.now();
    of(orthogonal(), [256, 1024]);
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});
