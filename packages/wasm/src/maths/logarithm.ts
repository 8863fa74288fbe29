// ln x in four lanes.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { F32x4 } from '../assembler/values.ts';
import { polynomial } from './polynomial.ts';

/** ln 2 to 9 bits, so that its product with an exponent is exact, and the rest of ln 2. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444005469057e-4;
const SMALLEST_NORMAL = 1.1754943508222875e-38;
/** 2^23, which makes a subnormal normal. */
const TWO_23 = 8388608;
/** The bits of √½: taken away, the exponent is that of a significand in [√½, √2). */
const ROOT_HALF = 0x3f3504f3;
/** (ln(1 + f) − f + ½f²) ÷ f³ for √½ ≤ 1 + f ≤ √2; a test fits it anew. */
export const LOG_SERIES: readonly number[] = [
  0.3333333134651184, -0.2499999701976776, 0.20000715553760529, -0.1666780263185501, 0.14249058067798615,
  -0.12425687164068222, 0.11685419827699661, -0.11479735374450684, 0.06971614062786102,
];

/**
 * ln x in each lane. −∞ for ±0, NaN below 0 and for NaN, ∞ for ∞.
 *
 * x = 2^k·(1 + f); terms are added from the smallest to the largest, as in Cephes' `logf` (Moshier 1992).
 */
export function log(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const given = f.let('x', x);
  const small = f.let('small', given.lt(SMALLEST_NORMAL));
  const normal = small.select(given.mul(TWO_23), given);
  const shifted = f.let('shifted', normal.bits().sub(ROOT_HALF));
  const k = f.let('k', shifted.shrS(23).sub(small.and(23)).toF32x4());
  const rest = f.let('f', shifted.and(0x7fffff).add(ROOT_HALF).asF32x4().sub(1));
  const square = f.let('square', rest.mul(rest));
  const series = polynomial(f, rest, LOG_SERIES).mul(rest).mul(square);
  const tail = series.add(k.mul(LN2_LOW)).sub(square.mul(0.5));
  const value = f.let('log', rest.add(tail).add(k.mul(LN2_HIGH)));
  const belowZero = given.eq(0).select(F32x4.const(-Infinity), F32x4.const(NaN));
  f.set(value, given.gt(0).select(value, belowZero));
  f.set(value, given.eq(Infinity).select(given, value));
  return value;
}
