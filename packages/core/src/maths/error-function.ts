// The error function with the same bits on every engine.
import { exp } from './exponential.ts';

/**
 * erf x = 2/√π ∫₀ˣ e^−s² ds. Within 1.4 ulp; keeps −0, ±1 beyond 6, NaN for NaN.
 *
 * Up to 1, x + x·P(x²); above, 1 − e^−x²·G(1 ÷ (x + 2)), where the scaled complement e^x²·erfc x is a polynomial in
 * 1 ÷ (x + 2). Coefficients from `tooling/goldens/maths_coefficients.py`.
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 1) return a < 1e-160 ? x + x * 0.1283791670955126 : x + x * nearZero(x * x);
  if (!(a < 6)) return x > 0 ? 1 : x < 0 ? -1 : x;
  const value = 1 - exp(-a * a) * scaledComplement(1 / (a + 2));
  return x < 0 ? -value : value;
}

/** erf(x) ÷ x − 1 for z = x² ≤ 1. */
function nearZero(z: number): number {
  const w = z * z;
  const v = w * w;
  return (
    0.1283791670955126 +
    z * -0.3761263890318375 +
    w * (0.11283791670954885 + z * -0.026866170645077875) +
    v * (0.005223977624828431 + z * -0.0008548326981425542 + w * (0.0001205533113295582 + z * -1.4925595772180906e-5)) +
    v *
      v *
      (1.64610084778027e-6 + z * -1.6350396222864617e-7 + w * (1.466032872274226e-8 + z * -1.137495573607015e-9)) +
    v * v * v * 5.960685338520971e-11
  );
}

/** e^x²·erfc x for t = 1 ÷ (x + 2), 1 ≤ x ≤ 6. */
function scaledComplement(t: number): number {
  let sum = -212.1325621551637;
  sum = sum * t + 748.0142993476165;
  sum = sum * t - 1153.027495577723;
  sum = sum * t + 994.7865910157184;
  sum = sum * t - 510.82298185274976;
  sum = sum * t + 161.22548655347387;
  sum = sum * t - 41.117703574230845;
  sum = sum * t + 9.887848904831008;
  sum = sum * t + 1.8974780645010783;
  sum = sum * t + 2.0584944521208346;
  sum = sum * t + 1.1232652548447193;
  sum = sum * t + 0.5643774090255833;
  return sum * t - 3.13050975308773e-6;
}
