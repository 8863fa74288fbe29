// e^x with the same bits on every engine.
import { powerOfTwo } from './bits.ts';

/** ln 2 to 32 bits, so that its product with an exponent is exact, and the rest of ln 2. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** 1 ÷ ln 2 */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: ECMAScript calls Math.LOG2E approximate.
const INVERSE_LN2 = 1.4426950408889634;
/** Adding and taking this away rounds |x| < 2^51 to the nearest whole number, ties to even: 1.5·2^52. */
const ROUND = 6755399441055744;

/** Above it e^x overflows; the last bits of the range below overflow by themselves. */
const OVERFLOW = 709.8;
/** Below it e^x is nearer to 0 than to the smallest float64. */
const UNDERFLOW = -745.2;

/**
 * high − (e^(high − low) − 1) for |high − low| ≤ ½ ln 2, where `low` is the tail of a reduced argument.
 *
 * With r = high − low, r·coth(r/2) = 2 + t·P(t), t = r², and c = r − t·P(t), e^r − 1 = r + r·c ÷ (2 − c).
 */
export function excess(high: number, low: number): number {
  const r = high - low;
  const t = r * r;
  const tt = t * t;
  const p =
    0.16666666666666602 +
    t * -0.002777777777701553 +
    tt * (6.613756321482412e-5 + t * -1.653390228171169e-6 + tt * 4.138140070042155e-8);
  const c = r - t * p;
  return low - (r * c) / (2 - c);
}

/** e^(high − low), for |high − low| ≤ ½ ln 2; what rounding takes from 1 + high is put back. */
function expReduced(high: number, low: number): number {
  const whole = 1 + high;
  return whole + (1 - whole + high - excess(high, low));
}

/** 2^k·y, rounded once, for y near 1 and a whole k from −1080 to 1024. */
function scale(y: number, k: number): number {
  if (k > 1023) return y * 2 * powerOfTwo(1023);
  return y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
}

/**
 * e^(x + tail) for a tail far below x.
 *
 * @internal
 */
export function expWithTail(x: number, tail: number): number {
  if (!(x > UNDERFLOW && x < OVERFLOW)) return x > 0 ? Infinity : Math.max(x, 0);
  const k = x * INVERSE_LN2 + ROUND - ROUND;
  const y = expReduced(x - k * LN2_HIGH, k * LN2_LOW - tail);
  return k > -1022 && k < 1024 ? y * powerOfTwo(k) : scale(y, k);
}

/**
 * e^x. Within 1 ulp; ∞ above 709.78, subnormal from −708.4, 0 below −745.13, NaN for NaN.
 *
 * x = k·ln 2 + r by Cody and Waite (1980) in two pieces; the kernel's form is that documented in fdlibm's `exp` (Ng 1993),
 * its coefficients come from `tooling/goldens/maths_coefficients.py`.
 */
export function exp(x: number): number {
  if (!(x > UNDERFLOW && x < OVERFLOW)) return x > 0 ? Infinity : Math.max(x, 0);
  const k = x * INVERSE_LN2 + ROUND - ROUND;
  const y = expReduced(x - k * LN2_HIGH, k * LN2_LOW);
  return k > -1022 && k < 1024 ? y * powerOfTwo(k) : scale(y, k);
}
