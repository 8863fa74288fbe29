// Loops over arrays: every length, in one order, and nothing beyond the ends.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  blockSumBytes,
  blockSums,
  I32,
  ModuleBuilder,
  mapVectors,
  reduceVectors,
  SUM_BLOCK,
  sumInOrder,
} from '../../src/index.ts';

const module = new ModuleBuilder({ memory: { minimum: 4, export: 'memory' } });
module.export(
  module.function('map', { x: I32, y: I32, product: I32, difference: I32, count: I32 }, (f, place) => {
    const { x, y, product, difference, count } = place;
    mapVectors(f, count, { inputs: { x, y }, outputs: { product, difference } }, (of) => ({
      product: of.x.mul(of.y),
      difference: of.x.sub(of.y),
    }));
  }),
);
module.export(
  module.function('map_unrolled', { x: I32, y: I32, product: I32, difference: I32, count: I32 }, (f, place) => {
    const { x, y, product, difference, count } = place;
    mapVectors(f, count, { inputs: { x, y }, outputs: { product, difference }, unroll: 3 }, (of) => ({
      product: of.x.mul(of.y),
      difference: of.x.sub(of.y),
    }));
  }),
);
module.export(
  module.function('greatest', { x: I32, count: I32 }, (f, { x, count }) =>
    reduceVectors(f, count, { x }, { identity: -Infinity, term: (of) => of.x, combine: (a, b) => a.max(b) }),
  ),
);
module.export(
  module.function('dot', { x: I32, y: I32, count: I32 }, (f, { x, y, count }) =>
    reduceVectors(f, count, { x, y }, { identity: 0, term: (of) => of.x.mul(of.y), combine: (a, b) => a.add(b) }),
  ),
);
module.export(
  module.function('squares', { x: I32, count: I32, sums: I32 }, (f, { x, count, sums }) => {
    blockSums(f, count, { x }, sums, (of) => of.x.mul(of.x));
  }),
);
module.export(
  module.function('total', { values: I32, count: I32 }, (f, { values, count }) => sumInOrder(f, count, values)),
);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBinary()));
const run = exports as Record<string, any>;
const { map, greatest, dot, squares, total } = run;
const floats = new Float32Array((exports.memory as WebAssembly.Memory).buffer);
const { fround } = Math;

/** Where arrays lie, in numbers; the first may begin at any of them. */
const X = 101;
const Y = 10003;
const OUT = 20002;
const SUMS = 40000;
const UNTOUCHED = 777;

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.fround((((i + 1) * (seed + 3) * 7919) % 1013) / 97 - 5));

test.each(['map', 'map_unrolled'])('a %s gives every element, in place too, and writes nothing else', (name) => {
  for (const count of [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 25, 31, 100]) {
    const [x, y] = [numbers(count, 1), numbers(count, 2)];
    floats.fill(UNTOUCHED);
    floats.set(x, X);
    floats.set(y, Y);
    run[name](4 * X, 4 * Y, 4 * OUT, 4 * X, count);
    expect(floats.slice(OUT, OUT + count)).toEqual(x.map((value, i) => value * (y[i] as number)));
    expect(floats.slice(X, X + count)).toEqual(x.map((value, i) => value - (y[i] as number)));
    expect(floats.filter((value) => value !== UNTOUCHED).length).toBe(3 * count);
  }
});

test('a map takes nothing from beyond the last element', () => {
  const last = floats.length - 3;
  floats.fill(0);
  floats.set([1, 2, 3], last);
  map(4 * last, 4 * last, 4 * OUT, 4 * (OUT + 10), 3);
  expect([...floats.subarray(OUT, OUT + 4)]).toEqual([1, 4, 9, 0]);
});

/** The order that {@link reduceVectors} promises. */
function inOrder(terms: Float32Array, identity: number, combine: (a: number, b: number) => number): number {
  const lanes = new Array<number>(4).fill(identity);
  for (let i = 0; i < Math.ceil(terms.length / 4) * 4; i++)
    lanes[i % 4] = combine(lanes[i % 4] as number, terms[i] ?? identity);
  const [a, b, c, d] = lanes as [number, number, number, number];
  return combine(combine(a, c), combine(b, d));
}
const add = (a: number, b: number): number => fround(a + b);

test('a reduction keeps its order for any count and place', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(9), fc.nat(100), (count, start, seed) => {
      const [x, y] = [numbers(count, seed), numbers(count, seed + 1)];
      floats.fill(NaN);
      floats.set(x, X + start);
      floats.set(y, Y);
      const products = x.map((value, i) => value * (y[i] as number));
      expect(dot(4 * (X + start), 4 * Y, count)).toBe(inOrder(products, 0, add));
      expect(greatest(4 * (X + start), count)).toBe(Math.max(...x));
    }),
  );
});

test('a NaN counts as the largest, wherever it stands', () => {
  for (const count of [1, 2, 3, 4, 5, 8, 11]) {
    for (let place = 0; place < count; place++) {
      for (const others of [numbers(count, 4), new Float32Array(count).fill(Infinity)]) {
        floats.set(others, X);
        floats[X + place] = NaN;
        expect(greatest(4 * X, count)).toBeNaN();
      }
    }
  }
  floats.fill(-Infinity, X, X + 5);
  expect(greatest(4 * X, 5)).toBe(-Infinity);
});

test('sums of blocks depend on the block alone, and add up in float64', () => {
  const count = 3 * SUM_BLOCK + 77;
  const x = numbers(count, 5);
  floats.set(x, X);
  const sum = (first: number, length: number): void => squares(4 * (X + first * SUM_BLOCK), length, 4 * (SUMS + first));
  sum(0, count);
  const blocks = blockSumBytes(count) / 4;
  expect(blocks).toBe(4);
  const whole = floats.slice(SUMS, SUMS + blocks);
  for (const [block, value] of whole.entries()) {
    const terms = x.slice(block * SUM_BLOCK, (block + 1) * SUM_BLOCK).map((value) => value * value);
    expect(value).toBe(inOrder(terms, 0, add));
  }
  floats.fill(0, SUMS, SUMS + blocks);
  sum(2, SUM_BLOCK + 77);
  sum(0, 2 * SUM_BLOCK);
  expect(floats.slice(SUMS, SUMS + blocks)).toEqual(whole);
  expect(total(4 * SUMS, blocks)).toBe(whole.reduce((all, value) => all + value, 0));
});
