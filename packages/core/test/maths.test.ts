// Core's float64 functions against correctly rounded values (tooling/goldens/maths.py), and their bits against a golden.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as core from '../src/index.ts';

type Unary = (x: number) => number;
const functions = {
  exp: core.exp,
  log: core.log,
  log1p: core.log1p,
  tanh: core.tanh,
  sigmoid: core.sigmoid,
  softplus: core.softplus,
  sin: core.sin,
  cos: core.cos,
  erf: core.erf,
  pow: core.pow,
};
/** Largest error in units of the last place that each doc comment promises. */
const bounds: Record<keyof typeof functions, number> = {
  exp: 1,
  log: 1,
  log1p: 1,
  tanh: 1.1,
  sigmoid: 1.1,
  softplus: 1.5,
  sin: 1,
  cos: 1,
  erf: 1.4,
  pow: 1,
};

interface Golden {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Correctly rounded. */
  readonly value: Float64Array;
  /** What rounding took away, in units of the last place. */
  readonly rest: Float32Array;
}

function readGoldens(): Map<string, Golden> {
  const file = new Uint8Array(readFileSync(new URL('./golden/maths.bin', import.meta.url)));
  let offset = 0;
  const take = (bytes: number) => {
    offset += bytes;
    return file.slice(offset - bytes, offset).buffer;
  };
  const goldens = new Map<string, Golden>();
  for (const name of Object.keys(functions)) {
    const count = new Float64Array(take(8))[0] as number;
    const x = new Float64Array(take(8 * count));
    const y = name === 'pow' ? new Float64Array(take(8 * count)) : x;
    goldens.set(name, { x, y, value: new Float64Array(take(8 * count)), rest: new Float32Array(take(4 * count)) });
    take((count % 2) * 4);
  }
  expect(offset).toBe(file.length);
  return goldens;
}

const bits = new DataView(new ArrayBuffer(8));

/** Distance from |value| to the next float64 away from 0. */
function unitInTheLastPlace(value: number): number {
  bits.setFloat64(0, Math.abs(value));
  const exponent = Math.max(bits.getUint16(0) >> 4, 1);
  return 2 ** (exponent - 1075 + 1) / 2;
}

function errorOf(got: number, value: number, rest: number): number {
  if (Object.is(got, value)) return Math.abs(rest);
  if (!Number.isFinite(got) || !Number.isFinite(value) || (got === 0 && value === 0)) return Infinity;
  return Math.abs((got - value) / unitInTheLastPlace(value) - rest);
}

describe('accuracy', () => {
  const goldens = readGoldens();
  test.each(Object.keys(functions) as (keyof typeof functions)[])('%s', (name) => {
    const { x, y, value, rest } = goldens.get(name) as Golden;
    expect(x.length).toBeGreaterThanOrEqual(2000);
    let worst = { error: -1, x: NaN, y: NaN, got: NaN, value: NaN };
    for (let i = 0; i < x.length; i++) {
      const got = functions[name](x[i] as number, y[i] as number);
      const error = errorOf(got, value[i] as number, rest[i] as number);
      if (error > worst.error) worst = { error, x: x[i] as number, y: y[i] as number, got, value: value[i] as number };
    }
    expect(worst.error, JSON.stringify(worst)).toBeLessThanOrEqual(bounds[name]);
    expect(worst.error).toBeGreaterThan(0.4);
  });

  test('the measure sees one unit in the last place, signed zeros and overflow', () => {
    expect(unitInTheLastPlace(1)).toBe(Number.EPSILON);
    expect(unitInTheLastPlace(5e-324)).toBe(5e-324);
    expect(unitInTheLastPlace(2.2250738585072014e-308)).toBe(5e-324);
    expect(errorOf(1 + Number.EPSILON, 1, -0.25)).toBe(1.25);
    expect(errorOf(0, -0, 0)).toBe(Infinity);
    expect(errorOf(Infinity, Number.MAX_VALUE, 0)).toBe(Infinity);
  });
});

describe('symmetry and limits', () => {
  test('odd functions are odd and even ones even to the bit', () => {
    for (let i = 0; i < 2000; i++) {
      const x = i * 0.00731 + 1e-9;
      for (const odd of [core.tanh, core.sin, core.erf] as Unary[]) expect(odd(-x)).toBe(-odd(x));
      expect(core.cos(-x)).toBe(core.cos(x));
    }
  });

  test('exact values', () => {
    expect(core.exp(0)).toBe(1);
    expect(core.exp(1)).toBe(Math.E);
    expect(core.log(1)).toBe(0);
    for (let k = -1074; k < 1024; k++) expect(core.pow(2, k)).toBe(k === -1074 ? 5e-324 : 2 ** k);
    for (let base = 3; base < 20; base++)
      for (let power = 3, value = base ** 2; ; power++) {
        value *= base;
        if (value > Number.MAX_SAFE_INTEGER) break;
        expect(core.pow(base, power)).toBe(value);
        expect(core.pow(-base, power)).toBe(power % 2 ? -value : value);
      }
  });

  test('pow has the special cases of ECMAScript', () => {
    const special = [
      0,
      -0,
      1,
      -1,
      2,
      -2,
      3,
      -3,
      0.5,
      -0.5,
      1.5,
      2 ** 53,
      -(2 ** 53) + 1,
      1e300,
      -1e300,
      5e-324,
      -5e-324,
    ];
    const all = [...special, Infinity, -Infinity, NaN];
    for (const x of all)
      for (const y of all) {
        const want = x ** y;
        if (Number.isFinite(want) && want !== 0 && Math.abs(want) !== 1)
          expect(Math.abs(core.pow(x, y) / want - 1), `${x}^${y}`).toBeLessThan(1e-15);
        else expect(core.pow(x, y), `${x}^${y}`).toBe(want);
      }
  });

  test('sigmoid and softplus keep their tails', () => {
    expect(core.sigmoid(-740)).toBeGreaterThan(0);
    expect(core.softplus(-740)).toBe(core.exp(-740));
    expect(core.softplus(800)).toBe(800);
    expect(core.sigmoid(-800)).toBe(0);
    expect(core.tanh(1e-310)).toBe(1e-310);
  });
});

/** FNV-1a over the bits of each function on the same sweep of arguments (exact arithmetic only). */
function fingerprint(f: (x: number, y: number) => number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < 40000; i++) {
    const x = ((i % 200) - 99.5) * ((i >> 3) + 1) * 0.000244140625;
    bits.setFloat64(0, f(x, (i % 37) / 8 - 2));
    for (let byte = 0; byte < 8; byte++) hash = Math.imul(hash ^ bits.getUint8(byte), 0x01000193);
  }
  return hash >>> 0;
}

test('the bits are the same on every engine', () => {
  const found = Object.fromEntries(
    Object.entries(functions).map(([name, f]) => [name, fingerprint(name === 'pow' ? (x, y) => f(Math.abs(x), y) : f)]),
  );
  expect(found).toMatchInlineSnapshot(`
    {
      "cos": 197582314,
      "erf": 909767131,
      "exp": 556562394,
      "log": 216550332,
      "log1p": 3454411681,
      "pow": 1646400487,
      "sigmoid": 2457891646,
      "sin": 540367694,
      "softplus": 1251159099,
      "tanh": 2246360557,
    }
  `);
});
