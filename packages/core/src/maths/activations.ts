// tanh, sigmoid and softplus, accurate in both tails, with the same bits on every engine.
import { powerOfTwo } from './bits.ts';
import { excess, exp } from './exponential.ts';
import { log1p } from './logarithm.ts';

/** ln 2 to 32 bits, so that its product with an exponent is exact, and the rest of ln 2. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** 1 ÷ ln 2 */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: ECMAScript calls Math.LOG2E approximate.
const INVERSE_LN2 = 1.4426950408889634;
/** Adding and taking this away rounds |x| < 2^51 to the nearest whole number, ties to even: 1.5·2^52. */
const ROUND = 6755399441055744;

/**
 * Hyperbolic tangent. Within 1.1 ulp; keeps −0, ±1 beyond 22, NaN for NaN.
 *
 * Below 0.625, x·coth x = 1 + q with q = u·Q(u), u = x², so tanh x = x − x·q ÷ (1 + q). Above, 1 − 2 ÷ (e^2x + 1), where
 * e^2x + 1 = (2^k + 1) + 2^k·(e^r − 1), and what rounding takes from it is put back. Coefficients from `tooling/goldens/maths_coefficients.py`.
 */
export function tanh(x: number): number {
  const a = Math.abs(x);
  if (a < 0.625) {
    const u = x * x;
    if (u === 0) return x;
    const uu = u * u;
    const q =
      u *
      (0.3333333333333325 +
        u * -0.02222222222215148 +
        uu * (0.002116402114385735 + u * -0.00021164018381800845) +
        uu *
          uu *
          (2.137758639663085e-5 +
            u * -2.1634530412188648e-6 +
            uu * (2.1677560621880784e-7 + u * -1.866725465683053e-8)));
    return x - (x * q) / (1 + q);
  }
  if (!(a < 22)) return x > 0 ? 1 : x < 0 ? -1 : x;
  const twice = 2 * a;
  const k = twice * INVERSE_LN2 + ROUND - ROUND;
  const power = powerOfTwo(k);
  const whole = power + 1;
  const high = twice - k * LN2_HIGH;
  const less = excess(high, k * LN2_LOW);
  const rest = high - less;
  const denominator = whole + power * rest;
  const part = 2 / denominator;
  const lost = power * rest - (denominator - whole) + power * (high - rest - less);
  return (1 - (part - part * (0.5 * part * lost))) * (x / a);
}

/**
 * Logistic sigmoid 1 ÷ (1 + e^−x). Within 1.1 ulp; goes on as e^x until that is 0 (below −745), is 1 from 37
 * on, NaN for NaN. What rounding takes from the denominator is put back.
 */
export function sigmoid(x: number): number {
  if (!(x > -30 && x < 40)) return x > 0 ? 1 : lowerTail(x);
  const k = ROUND - (x * INVERSE_LN2 + ROUND);
  const power = powerOfTwo(k);
  const whole = power + 1;
  const high = -x - k * LN2_HIGH;
  const less = excess(high, k * LN2_LOW);
  const rest = high - less;
  const denominator = whole + power * rest;
  const value = 1 / denominator;
  const lost = power * rest - (denominator - whole) + (power - (whole - 1)) + power * (high - rest - less);
  return value - value * (value * lost);
}

/** e^x ÷ (1 + e^x) where e^x is small: its series up to e^2x. */
function lowerTail(x: number): number {
  const e = exp(x);
  return e - e * e;
}

/** ln(1 + e^x), accurate in both tails: e^x far below 0, x far above. Within 1.5 ulp; NaN for NaN. */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}
