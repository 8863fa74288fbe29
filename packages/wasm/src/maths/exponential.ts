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
/** What an exponent of 0 is in {@link Reduced}. */
const EXPONENT_ZERO = 0x4b400000;
/** The bits of 1, to which an exponent is added. */
const ONE = 0x3f800000;
/** (e^r − 1 − r) ÷ r² for |r| ≤ ½ ln 2; a test fits it anew. */
export const EXP_SERIES: readonly number[] = [
  0.5, 0.16666576266288757, 0.04166655242443085, 0.00836323294788599, 0.0013926250394433737,
];

/** Beyond these, e^x is ∞ or 0. */
const LARGEST = 89;
const SMALLEST = -104;

/** x as k·ln 2 ÷ `parts` + `rest`. */
export interface Reduced {
  readonly rest: Variable<F32x4>;
  /** k */
  readonly whole: Variable<F32x4>;
  /** k in the lowest 9 bits, below others. */
  readonly exponent: Variable<I32x4>;
}

/**
 * Takes a multiple of ln 2 ÷ `parts` away by Cody and Waite (1980), for −104 ≤ x·parts ≤ 89, or NaN. k is the whole number
 * nearest to x·parts ÷ ln 2 − `shift`. `parts` is a power of two.
 */
export function reduce(f: FunctionBuilder, x: Variable<F32x4>, parts = 1, shift = 0): Reduced {
  const quotient = x.mul(INVERSE_LN2 * parts);
  const rounded = f.let('rounded', (shift === 0 ? quotient : quotient.sub(shift)).add(ROUND));
  const whole = f.let('k', rounded.sub(ROUND));
  const rest = f.let('r', x.sub(whole.mul(LN2_HIGH / parts)).sub(whole.mul(LN2_LOW / parts)));
  return { rest, whole, exponent: f.let('exponent', rounded.bits()) };
}

/** 2^(k + `more`), which must be from −126 to 127. */
export function powerOfTwo(exponent: I32x4, more = 0): F32x4 {
  return exponent
    .shl(23)
    .add(ONE + (more << 23))
    .asF32x4();
}

/** e^r for |r| ≤ ½ ln 2. */
function expNearZero(f: FunctionBuilder, r: Variable<F32x4>): F32x4 {
  return polynomial(f, r, EXP_SERIES).mul(r.mul(r)).add(r).add(1);
}

/**
 * e^x in each lane. ∞ above 88.72, subnormal below −87.33, 0 below −103.97, NaN for NaN.
 *
 * The power of two is multiplied in two halves, of which the first is exact.
 */
export function exp(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  // pmin and pmax keep a NaN.
  const inside = f.let('x', x.pmin(F32x4.const(LARGEST)).pmax(F32x4.const(SMALLEST)));
  const { rest, exponent } = reduce(f, inside);
  const mantissa = expNearZero(f, rest);
  const k = f.let('exponent', exponent.sub(EXPONENT_ZERO));
  const half = f.let('half', k.shrS(1));
  return f.let('exp', mantissa.mul(powerOfTwo(half)).mul(powerOfTwo(k.sub(half))));
}

/** A number is raised by so many binary places to be normal, and then lowered by 2^−64. */
const RAISED = 64;
const LOWERING = 5.421010862427522e-20;

/** e^x for x ≤ 0, or NaN: as {@link exp}, in fewer operations. */
export function expOfNegative(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const inside = f.let('x', x.pmax(F32x4.const(SMALLEST)));
  const { rest, exponent } = reduce(f, inside);
  return f.let('exp', expNearZero(f, rest).mul(powerOfTwo(exponent, RAISED)).mul(LOWERING));
}
