// The coefficients of the maths are those that fitting gives: polynomials through the Chebyshev points of an interval.
import { cos, erf, log } from '@unrolled/core';
import { expect, test } from 'vitest';
import { ARTANH_SERIES, TANH_SERIES } from '../../src/maths/activations.ts';
import { ERF_SERIES, ERFC_ROOT } from '../../src/maths/error-function.ts';
import { EXP_SERIES } from '../../src/maths/exponential.ts';
import { LOG_SERIES } from '../../src/maths/logarithm.ts';
import { COS_SERIES, SIN_SERIES } from '../../src/maths/trigonometry.ts';

type Unary = (x: number) => number;

/** The polynomial of `count` coefficients, lowest first, that meets `of` at the Chebyshev points of [from, to]. */
function fit(of: Unary, from: number, to: number, count: number): number[] {
  const point = (i: number): number => (from + to) / 2 + ((to - from) / 2) * cos((Math.PI * (i + 0.5)) / count);
  const points = Array.from({ length: count }, (_, i) => point(i));
  // Newton's divided differences, then multiplied out.
  const differences = points.map(of);
  for (let order = 1; order < count; order++)
    for (let i = count - 1; i >= order; i--)
      differences[i] =
        ((differences[i] as number) - (differences[i - 1] as number)) /
        ((points[i] as number) - (points[i - order] as number));
  const sum = new Array<number>(count).fill(0);
  for (let i = count - 1; i >= 0; i--) {
    for (let k = count - 1; k >= 0; k--)
      sum[k] = (k > 0 ? (sum[k - 1] as number) : 0) - (sum[k] as number) * (points[i] as number);
    sum[0] = (sum[0] as number) + (differences[i] as number);
  }
  return sum;
}

/** A power series by its coefficients. */
const series = (coefficient: (k: number) => number, terms: number) => (x: number) => {
  let sum = 0;
  for (let k = terms; k >= 0; k--) sum = sum * x + coefficient(k);
  return sum;
};
const inverseFactorial = (n: number): number => (n < 2 ? 1 : inverseFactorial(n - 1) / n);
const halfLn2 = (Math.LN2 / 2) * 1.001;
const quarterPiSquared = (Math.PI / 4) * (Math.PI / 4) * 1.001;

const expTail: Unary = series((k) => inverseFactorial(k + 2), 20);
const logTail: Unary = (f) =>
  Math.abs(f) < 0.05
    ? series((k) => (k % 2 === 0 ? 1 : -1) / (k + 3), 40)(f)
    : (log(1 + f) - f + (f * f) / 2) / (f * f * f);
const erfTail: Unary = (z) =>
  z < 1e-8 ? (2 / Math.sqrt(Math.PI)) * (1 - z / 3) - 1 : erf(Math.sqrt(z)) / Math.sqrt(z) - 1;
const erfcRoot: Unary = (x) => Math.sqrt(Math.sqrt(Math.sqrt(1 - erf(x))));

const alternating = (k: number): number => (k % 2 === 0 ? -1 : 1);
const cases: readonly (readonly [string, readonly number[], Unary, number, number])[] = [
  ['exp', EXP_SERIES, expTail, -halfLn2, halfLn2],
  ['log', LOG_SERIES, logTail, Math.SQRT1_2 - 1, Math.SQRT2 - 1],
  ['tanh', TANH_SERIES, (r) => 2 * expTail(2 * r), -0.2 * halfLn2, 0.8 * halfLn2],
  ['artanh', ARTANH_SERIES, series((k) => 1 / (2 * k + 3), 40), 0, 1 / 9],
  ['erf', ERF_SERIES, erfTail, 0, 1.0625 * 1.0625],
  ['erfc', ERFC_ROOT, erfcRoot, 1.0625, 2.35],
  ['sin', SIN_SERIES, series((k) => alternating(k) * inverseFactorial(2 * k + 3), 12), 0, quarterPiSquared],
  ['cos', COS_SERIES, series((k) => alternating(k) * inverseFactorial(2 * k + 2), 12), 0, quarterPiSquared],
];

test.each(cases)('%s', (_, coefficients, of, from, to) => {
  const fitted = fit(of, from, to, coefficients.length);
  for (const [k, coefficient] of coefficients.entries()) {
    // The last digits depend on how the fit is computed.
    const error = Math.abs(coefficient / (fitted[k] as number) - 1);
    expect(error).toBeLessThan(1e-6);
  }
});
