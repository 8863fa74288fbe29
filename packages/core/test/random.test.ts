// The generator against published answers; draws as pure functions; statistics with fixed seeds.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  drawIntegers,
  drawUniform,
  drawUniform24,
  fillMask,
  fillNormal,
  fillUniform,
  isUnrolledError,
  maskKey,
  maskThreshold,
  murmur3,
  permutation,
  purposes,
  threefry,
} from '../src/index.ts';

const hex = (words: Int32Array) => [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');

function random123(counter: readonly number[], key: readonly number[]): string {
  const out = new Int32Array(4);
  const [a, b, c, d] = counter as [number, number, number, number];
  const [e, f, g, h] = key as [number, number, number, number];
  threefry(out, 0, e, f, g, h, a, b, c, d);
  return hex(out);
}

describe('threefry', () => {
  test('known answers of Random123 (kat_vectors, threefry4x32 20)', () => {
    const ones = [-1, -1, -1, -1];
    const pi = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
    const morePi = [0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89];
    expect(random123([0, 0, 0, 0], [0, 0, 0, 0])).toBe('9c6ca96a e17eae66 fc10ecd4 5256a7d8');
    expect(random123(ones, ones)).toBe('2a881696 57012287 f6c7446e a16a6732');
    expect(random123(pi, morePi)).toBe('59cd1dbb b8879579 86b5d00c ac8b6d84');
  });

  test('one bit of any word changes about half of the output', () => {
    let changed = 0;
    for (let word = 0; word < 8; word++)
      for (let bit = 0; bit < 32; bit++) {
        const words = [1, 2, 3, 4, 5, 6, 7, 8];
        const before = random123(words.slice(0, 4), words.slice(4));
        words[word] = (words[word] as number) ^ (1 << bit);
        const after = random123(words.slice(0, 4), words.slice(4));
        expect(after).not.toBe(before);
        changed += [...before].filter((digit, i) => digit !== after[i]).length;
      }
    expect(changed / 256 / 32).toBeCloseTo(15 / 16, 2);
  });
});

describe('murmur3', () => {
  test("scikit-learn's murmurhash3_32, seed 0", () => {
    const known = { '': 0, foo: -156908512, the: -1132748958, pizza: -707163985, não: 1294755373, 日本: -992347838 };
    for (const [text, hash] of Object.entries(known)) expect(murmur3(text), text).toBe(hash >>> 0);
  });

  test('the seed counts', () => {
    expect(murmur3('', 1)).toBe(0x514e28b7);
    expect(murmur3('', 0xffffffff)).toBe(0x81f16f39);
  });
});

describe('seeds', () => {
  test.each([-1, 1.5, NaN, Infinity, 2 ** 53, '1', undefined, null, 1n])('%s is refused', (seed) => {
    for (const draw of [
      () => drawUniform({ seed: seed as number, purpose: 'sample' }, 0),
      () => permutation(3, seed as number, 'shuffle'),
      () =>
        fillMask(new Float32Array(1), 0, 1, { seed: seed as number, update: 0, site: 0, example: 0, step: 0 }, 1, 1),
      () => maskKey(seed as number),
    ]) {
      let thrown: unknown;
      try {
        draw();
      } catch (error) {
        thrown = error;
      }
      expect(isUnrolledError(thrown, 'SEED_INVALID')).toBe(true);
    }
  });

  test('all 53 bits count, and the purpose', () => {
    const seen = new Set<number>();
    for (let bit = 0; bit < 53; bit++) seen.add(drawUniform({ seed: 2 ** bit, purpose: 'sample' }, 0));
    for (const purpose of purposes) seen.add(drawUniform({ seed: 0, purpose }, 0));
    expect(seen.size).toBe(53 + purposes.length);
  });
});

describe('uniform', () => {
  test('a fill is its single draws', () => {
    const position = { seed: 7, purpose: 'sample', update: 3, site: 2, example: 11, step: 5 } as const;
    const values = new Float64Array(21);
    fillUniform(values, 2, 19, position);
    expect([...values.slice(0, 2)]).toEqual([0, 0]);
    for (let unit = 0; unit < 19; unit++) expect(values[2 + unit]).toBe(drawUniform(position, unit));
  });

  test('the 24-bit draw is exact in float32 and below 1', () => {
    for (let unit = 0; unit < 1000; unit++) {
      const value = drawUniform24({ seed: 1, purpose: 'sample' }, unit);
      expect(Math.fround(value)).toBe(value);
      expect(value >= 0 && value < 1).toBe(true);
    }
  });

  test('mean, variance and lag-one correlation', () => {
    const n = 200_000;
    const values = new Float64Array(n);
    fillUniform(values, 0, n, { seed: 123, purpose: 'sample' });
    let mean = 0;
    let square = 0;
    let lagged = 0;
    for (let i = 0; i < n; i++) {
      const centred = (values[i] as number) - 0.5;
      mean += centred / n;
      square += centred ** 2 / n;
      if (i > 0) lagged += (centred * ((values[i - 1] as number) - 0.5)) / n;
    }
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(square - 1 / 12)).toBeLessThan(0.001);
    expect(Math.abs(lagged)).toBeLessThan(4 / 12 / Math.sqrt(n));
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(1);
  });
});

test('normal numbers have the moments and tails of the normal distribution', () => {
  const n = 200_001;
  const values = new Float64Array(n);
  fillNormal(values, 0, n, { seed: 5, purpose: 'initialise' });
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power / n, 0);
  expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  const beyond = values.filter((value) => Math.abs(value) > 1.959963984540054).length / n;
  expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / n));
  expect(values[n - 1]).not.toBe(0);
});

describe('masks', () => {
  const position = { seed: 2 ** 40 + 3, update: 17, site: 2, example: 99, step: 4 };

  test('any unit is computable alone and in any backend, from its word', () => {
    const mask = new Float32Array(50);
    fillMask(mask, 3, 41, position, 0.5, 2);
    const words = new Int32Array(4);
    for (let unit = 0; unit < 41; unit++) {
      threefry(words, 0, position.seed | 0, (2 ** 8) | (purposes.indexOf('mask') << 24), 17, 2, 99, 4, unit >> 2, 0);
      const hit = (words[unit & 3] as number) >>> 1 < maskThreshold(0.5);
      expect(mask[3 + unit]).toBe(hit ? 2 : 0);
    }
    expect([...mask.slice(0, 3), ...mask.slice(44)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('the key of a seed draws its masks; every bit of a seed counts', () => {
    const words = new Int32Array(4);
    const { update, site, example, step } = position;
    for (const seed of [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 40 + 3, 2 ** 53 - 1]) {
      const { low, high } = maskKey(seed);
      const mask = new Float32Array(64);
      fillMask(mask, 0, 64, { ...position, seed }, 0.5, 1);
      for (let unit = 0; unit < 64; unit++) {
        threefry(words, 0, low, high, update, site, example, step, unit >> 2, 0);
        expect(mask[unit]).toBe((words[unit & 3] as number) >>> 1 < maskThreshold(0.5) ? 1 : 0);
      }
    }
    const keys = Array.from({ length: 53 }, (_, bit) => maskKey(2 ** bit));
    expect(new Set(keys.map(({ low, high }) => `${low} ${high}`)).size).toBe(53);
  });

  test('a shorter row is the start of a longer one', () => {
    fc.assert(
      fc.property(fc.nat(70), fc.nat(70), fc.double({ min: 0, max: 1, noNaN: true }), (a, b, probability) => {
        const long = new Float64Array(Math.max(a, b));
        const short = new Float64Array(Math.min(a, b));
        fillMask(long, 0, long.length, position, probability, 1);
        fillMask(short, 0, short.length, position, probability, 1);
        expect(long.slice(0, short.length)).toEqual(short);
      }),
    );
  });

  test('every part of the position counts', () => {
    const seen = new Set<string>();
    for (const change of [{}, { seed: 4 }, { update: 18 }, { site: 3 }, { example: 98 }, { step: 5 }]) {
      const mask = new Float32Array(64);
      fillMask(mask, 0, 64, { ...position, ...change }, 0.5, 1);
      seen.add(mask.join(''));
    }
    expect(seen.size).toBe(6);
  });

  test.each([0, 0.1, 0.5, 0.9, 1])('hits come with probability %s', (probability) => {
    const units = 256;
    const mask = new Float32Array(units);
    let hits = 0;
    for (let step = 0; step < 400; step++) {
      fillMask(mask, 0, units, { ...position, step }, probability, 1 / 3);
      hits += mask.filter((value) => value === Math.fround(1 / 3)).length;
    }
    const n = units * 400;
    expect(Math.abs(hits / n - probability)).toBeLessThanOrEqual(4 * Math.sqrt((probability * (1 - probability)) / n));
  });
});

describe('drawIntegers', () => {
  test('gives every number below the bound equally often', () => {
    for (const bound of [1, 2, 7, 10]) {
      const below = drawIntegers({ seed: 3, purpose: 'sample', site: bound });
      const counts = new Array<number>(bound).fill(0);
      const n = 2000 * bound;
      for (let i = 0; i < n; i++) {
        const drawn = below(bound);
        counts[drawn] = (counts[drawn] as number) + 1;
      }
      for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThanOrEqual(5 * Math.sqrt(2000));
    }
    const whole = drawIntegers({ seed: 3, purpose: 'sample' });
    const large = Array.from({ length: 1000 }, () => whole(4294967296));
    expect(large.every((value) => Number.isInteger(value) && value >= 0 && value < 4294967296)).toBe(true);
    expect(Math.max(...large)).toBeGreaterThan(4_200_000_000);
  });

  test('two that are read by turns do not disturb each other', () => {
    const draw = (example: number) => drawIntegers({ seed: 1, purpose: 'sample', example });
    const alone = [0, 1].map((example) => {
      const below = draw(example);
      return Array.from({ length: 9 }, () => below(1000));
    });
    const [first, second] = [draw(0), draw(1)];
    const byTurns = Array.from({ length: 9 }, () => [first(1000), second(1000)]);
    expect([byTurns.map(([value]) => value), byTurns.map(([, value]) => value)]).toEqual(alone);
  });
});

describe('permutation', () => {
  test('is one, for any size', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.maxSafeNat(), fc.nat(5), (n, seed, epoch) => {
        const order = permutation(n, seed, 'shuffle', epoch);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test('depends on seed, purpose and epoch alone', () => {
    const orders = new Set([
      permutation(20, 1, 'shuffle', 0).join(),
      permutation(20, 2, 'shuffle', 0).join(),
      permutation(20, 1, 'split', 0).join(),
      permutation(20, 1, 'shuffle', 1).join(),
    ]);
    expect(orders.size).toBe(4);
    expect(permutation(20, 1, 'shuffle', 0)).toEqual(permutation(20, 1, 'shuffle', 0));
    expect([...permutation(10, 1, 'shuffle')]).toMatchInlineSnapshot(`
      [
        1,
        4,
        5,
        3,
        6,
        8,
        9,
        2,
        0,
        7,
      ]
    `);
  });

  test('all orders of four are equally likely', () => {
    const counts = new Map<string, number>();
    const n = 24_000;
    for (let epoch = 0; epoch < n; epoch++) {
      const order = permutation(4, 3, 'shuffle', epoch).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - n / 24) ** 2 / (n / 24), 0);
    expect(chiSquare).toBeLessThan(49.7); // 23 degrees of freedom, 0.1%
  });
});
