// tanh, sigmoid and softplus, accurate in both tails, with the same bits on every engine.
import { powerOfTwo, ROUND } from './bits.ts';
import { exp, expm1Reduced, INVERSE_LN2, LN2_HIGH, LN2_LOW } from './exponential.ts';
import { log1p } from './logarithm.ts';

/**
 * Hyperbolic tangent. Within 1 ulp; keeps −0, ±1 beyond 22, NaN for NaN.
 *
 * Below 0.625, x·coth x = 1 + q with q = u·Q(u), u = x², so tanh x = x − x·q ÷ (1 + q). Above, 1 − 2 ÷ (e^2x + 1), where
 * e^2x + 1 = (2^k + 1) + 2^k·(e^r − 1) is rounded once. Coefficients from `tooling/goldens/maths_coefficients.py`.
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
  const denominator = power + 1 + power * expm1Reduced(twice - k * LN2_HIGH, k * LN2_LOW);
  return (1 - 2 / denominator) * (x / a);
}

/**
 * Logistic sigmoid 1 ÷ (1 + e^−x). Within 1 ulp in both tails: it goes on as e^x until that is 0 (below −745), and is 1 from
 * 37 on; NaN for NaN.
 */
export function sigmoid(x: number): number {
  if (!(x > -708 && x < 708)) return x > 0 ? 1 : exp(x);
  const k = ROUND - (x * INVERSE_LN2 + ROUND);
  const power = powerOfTwo(k);
  return 1 / (power + 1 + power * expm1Reduced(-x - k * LN2_HIGH, k * LN2_LOW));
}

/** ln(1 + e^x), accurate in both tails: e^x far below 0, x far above. Within 2 ulp; NaN for NaN. */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}
