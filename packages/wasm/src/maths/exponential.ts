// e^x in four lanes.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { F32x4, type I32x4 } from '../assembler/values.ts';
import { polynomial } from './polynomial.ts';

// biome-ignore lint/suspicious/noApproximativeNumericConstant: a float32 constant, written out.
const INVERSE_LN2 = 1.4426950408889634;
/** ln 2 to 9 bits, so that its product with an exponent is exact, and the rest of ln 2. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444005469057e-4;
/** Adding it rounds to a whole number, which then stands in the lowest bits: 1.5·2^23. */
const ROUND = 12582912;
/** (e^r − 1 − r) ÷ r² for |r| ≤ ½ ln 2; a test fits it anew. */
export const EXP_SERIES: readonly number[] = [
  0.5, 0.16666576266288757, 0.04166655242443085, 0.00836323294788599, 0.0013926250394433737,
];

/** Beyond these, e^x is ∞ or 0. */
const LARGEST = 89;
const SMALLEST = -104;

/** e^x as `mantissa`·2^exponent. */
export interface Scaled {
  /** e^r for |r| ≤ ½ ln 2. */
  readonly mantissa: Variable<F32x4>;
  /** Below its 9 bits stand others: shift them out, or take {@link EXPONENT_ZERO} away. */
  readonly exponent: Variable<I32x4>;
}

/** What an exponent of 0 is in {@link Scaled}. */
const EXPONENT_ZERO = 0x4b400000;

/** e^x for −104 ≤ x ≤ 89, or NaN. x = k·ln 2 + r by Cody and Waite (1980). */
export function scaledExp(f: FunctionBuilder, x: Variable<F32x4>): Scaled {
  const rounded = f.let('rounded', x.mul(INVERSE_LN2).add(ROUND));
  const k = f.let('k', rounded.sub(ROUND));
  const r = f.let('r', x.sub(k.mul(LN2_HIGH)).sub(k.mul(LN2_LOW)));
  const rest = polynomial(f, r, EXP_SERIES).mul(r.mul(r));
  // What rounding takes from 1 + r is put back.
  const whole = f.let('whole', r.add(1));
  const lost = r.sub(whole.sub(1));
  return { mantissa: f.let('mantissa', whole.add(rest.add(lost))), exponent: f.let('exponent', rounded.bits()) };
}

/** mantissa·2^exponent for an exponent from −126 to 127. */
export function scaleNormal({ mantissa, exponent }: Scaled): F32x4 {
  return mantissa.mul(exponent.shl(23).add(0x3f800000).asF32x4());
}

/** mantissa·2^exponent, to ∞ and down to subnormal numbers: in two steps, of which the first is exact. */
function scale(f: FunctionBuilder, { mantissa, exponent }: Scaled): F32x4 {
  const whole = f.let('whole', exponent.sub(EXPONENT_ZERO));
  const half = f.let('half', whole.shrS(1));
  const other = whole.sub(half).add(127).shl(23).asF32x4();
  return mantissa.mul(half.add(127).shl(23).asF32x4()).mul(other);
}

/** `x` between two bounds; NaN stays. */
function bounded(x: F32x4, least: number, most: number): F32x4 {
  return x.pmin(F32x4.const(most)).pmax(F32x4.const(least));
}

/**
 * e^x in each lane. ∞ above 88.72, subnormal below −87.33, 0 below −103.97, NaN for NaN.
 */
export function exp(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const inside = f.let('x', bounded(x, SMALLEST, LARGEST));
  return f.let('exp', scale(f, scaledExp(f, inside)));
}
