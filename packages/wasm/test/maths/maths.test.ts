// The SIMD functions against core's float64 functions, over a stride of all float32 numbers.
import { describe, expect, test } from 'vitest';
import { bounds, CAPACITY, exact, kernels, names, ulps } from './kernels.ts';

const { values, run } = kernels();
const bits = new Int32Array(values.buffer);
/** A prime stride: every exponent is met with other significands. */
const STRIDE = 7919;

describe.each(names)('%s', (name) => {
  test(`is within ${bounds[name]} units of the last place`, () => {
    const inputs = new Float32Array(CAPACITY);
    const of = new Int32Array(inputs.buffer);
    let worst = { error: 0, x: 0 };
    for (let next = 0; next < 2 ** 32; ) {
      let count = 0;
      for (; count < CAPACITY && next < 2 ** 32; count++, next += STRIDE) of[count] = next;
      values.set(inputs);
      run[name](count);
      for (let i = 0; i < count; i++) {
        const x = inputs[i] as number;
        const error = ulps(values[i] as number, exact[name](x));
        if (!(error <= worst.error)) worst = { error, x };
      }
    }
    expect(worst.error, `at ${worst.x}`).toBeLessThanOrEqual(bounds[name]);
  });

  test('gives the same bits in every lane and at the end of an array', () => {
    const inputs = Float32Array.from({ length: 4099 }, (_, i) => (i - 2050) * 0.0173 * (i % 7 === 0 ? 1e5 : 1));
    values.fill(3);
    values.set(inputs);
    run[name](inputs.length);
    expect(values[inputs.length]).toBe(3);
    const whole = bits.slice(0, inputs.length);
    for (const start of [0, 1, 2, 3, 4000, 4096, 4097, 4098]) {
      for (const length of [1, 2, 3, 5]) {
        const part = inputs.subarray(start, start + length);
        values.set(part);
        run[name](part.length);
        expect(bits.slice(0, part.length)).toEqual(whole.slice(start, start + part.length));
      }
    }
  });
});

test('erf is odd', () => {
  const inputs = Float32Array.from({ length: 4000 }, (_, i) => i * 0.00137);
  values.set(inputs);
  values.set(
    inputs.map((x) => -x),
    inputs.length,
  );
  run.erf(2 * inputs.length);
  const positive = values.slice(0, inputs.length);
  expect(values.slice(inputs.length, 2 * inputs.length)).toEqual(positive.map((y) => -y));
});

const special: readonly (readonly [keyof typeof bounds, number, number])[] = [
  ['exp', -Infinity, 0],
  ['exp', Infinity, Infinity],
  ['exp', -0, 1],
  ['exp', 1, Math.fround(Math.E)],
  ['log', 0, -Infinity],
  ['log', -0, -Infinity],
  ['log', -1, NaN],
  ['log', -Infinity, NaN],
  ['log', Infinity, Infinity],
  ['log', 1, 0],
  ['tanh', -Infinity, -1],
  ['tanh', Infinity, 1],
  ['tanh', -0, -0],
  ['tanh', 1e-45, Math.fround(1e-45)],
  ['sigmoid', -Infinity, 0],
  ['sigmoid', Infinity, 1],
  ['sigmoid', 0, 0.5],
  ['softplus', -Infinity, 0],
  ['softplus', Infinity, Infinity],
  ['erf', -Infinity, -1],
  ['erf', Infinity, 1],
  ['erf', -0, -0],
  ['erf', 4, 1],
  ['erf', -1e-45, Math.fround(-1e-45)],
  ['sin', -0, -0],
  ['sin', Infinity, NaN],
  ['cos', -Infinity, NaN],
  ['cos', 0, 1],
  ['cos', 3.4028234663852886e38, Math.fround(exact.cos(3.4028234663852886e38))],
  ['sin', 3.4028234663852886e38, Math.fround(exact.sin(3.4028234663852886e38))],
  ...names.map((name) => [name, NaN, NaN] as const),
];

test.each(special)('%s(%o) is %o', (name, x, expected) => {
  values.fill(x, 0, 5);
  run[name](5);
  expect([...values.subarray(0, 5)]).toEqual(new Array(5).fill(expected));
});
