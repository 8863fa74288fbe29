// What the builder of graphs does by itself: folding, sharing, and keeping out of loops what does not belong there.
import { expect, test } from 'vitest';
import { buildNetwork, GraphBuilder } from '../src/index.ts';
import { moduleOf, networkOf } from './networks.ts';

test('operations on constants are done at once', () => {
  const b = new GraphBuilder();
  const folded = (op: 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum', x: number, y: number) => {
    const value = b.at(b.binary(op, b.constant(x), b.constant(y)));
    return value.op === 'constant' ? value.value : undefined;
  };
  expect(folded('add', 2, 3)).toBe(5);
  expect(folded('subtract', 2, 3)).toBe(-1);
  expect(folded('multiply', 2, 3)).toBe(6);
  expect(folded('divide', 3, 2)).toBe(1.5);
  expect([folded('maximum', 2, 3), folded('maximum', Number.NaN, 3), folded('maximum', 3, Number.NaN)]).toEqual([
    3,
    NaN,
    NaN,
  ]);
  expect([folded('minimum', 2, 3), folded('minimum', Number.NaN, 3), folded('minimum', 3, Number.NaN)]).toEqual([
    2,
    NaN,
    NaN,
  ]);
});

test('equal values are one, and −0, 0, NaN and the infinities are different', () => {
  const b = new GraphBuilder();
  const [x, y] = [b.parameter('x', [2]), b.parameter('y', [2])];
  expect(b.add(x, y)).toBe(b.add(x, y));
  expect(b.add(x, y)).not.toBe(b.add(y, x));
  const constants = [0, -0, Number.NaN, Infinity, -Infinity].map((value) => b.constant(value));
  expect(new Set(constants).size).toBe(5);
  expect(b.constant(Number.NaN)).toBe(constants[2]);
  expect(b.constant(0)).not.toBe(b.constant(0, [1]));
});

test('a factor or divisor of 1 is left out where it changes no shape', () => {
  const b = new GraphBuilder();
  const [x, one, ones] = [b.parameter('x', []), b.constant(1), b.constant(1, [3])];
  expect([b.multiply(one, x), b.multiply(x, one), b.divide(x, one)]).toEqual([x, x, x]);
  expect(b.divide(one, x)).not.toBe(x);
  expect(b.shape(b.multiply(x, ones))).toEqual([3]);
  expect(b.shape(b.multiply(ones, x))).toEqual([3]);
  expect(b.shape(b.divide(x, ones))).toEqual([3]);
});

test('an unknown value and a scan that is closed twice are refused', () => {
  const b = new GraphBuilder();
  expect(() => b.at(0)).toThrow('no value 0');
  const scan = b.openScan(false, [{ name: 'h', init: b.state('h', [1]) }]);
  b.closeScan(scan, scan.leaves);
  expect(() => b.closeScan(scan, scan.leaves)).toThrow('scan 0 is not open');
});

test('a loop holds only what depends on its state', () => {
  const equations = `
    k[t] = relu(Wx @ x[t] + b)
    z[t] = k[t] * v + Wh @ h[t-1]
    h[t] = tanh(z[t])
    y[t] = Wy @ h[t] + k[t]
  `;
  const cell = moduleOf('cell', equations, 'y', {
    sizes: { units: 3 },
    parameters: { Wx: undefined, b: undefined, v: undefined, Wh: undefined, Wy: [3, 3] },
  });
  const { builder } = buildNetwork(networkOf(cell));
  const inLoop = builder.values.filter(({ scope }) => scope >= 0).map(({ op }) => op);
  expect(inLoop).toEqual(['carry', 'matmul', 'add', 'tanh']);
});
