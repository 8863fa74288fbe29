// sigmoid, tanh and softplus in four lanes, accurate in both tails.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { F32x4 } from '../assembler/values.ts';
import { exp, scaledExp, scaleNormal } from './exponential.ts';
import { polynomial } from './polynomial.ts';

const SIGN = 0x80000000;

/** e^−|x| in each lane. */
function expOfNegative(f: FunctionBuilder, x: Variable<F32x4>): Variable<F32x4> {
  return exp(f, x.bits().or(SIGN).asF32x4());
}

/** Below it e^x ÷ (1 + e^x) is computed from e^x downwards. */
const SMALL_EXP = 0.3;

/**
 * Logistic sigmoid 1 ÷ (1 + e^−x) in each lane.
 *
 * Below 0 it is q = e ÷ (1 + e), e = e^x, which goes on down to subnormal numbers; where e is small it is e − e·q, in which
 * the rounding of 1 + e and of the division count for less.
 */
export function sigmoid(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const given = f.let('x', x);
  const e = expOfNegative(f, given);
  const negative = f.let('negative', given.lt(0));
  const quotient = f.let('quotient', negative.select(e, F32x4.const(1)).div(e.add(1)));
  const small = negative.and(e.lt(SMALL_EXP));
  return f.let('sigmoid', small.select(e.sub(e.mul(quotient)), quotient));
}

/** From here on tanh is computed by e^2x. */
const TANH_SERIES_END = 0.625;
/** From here on tanh is 1. */
const TANH_IS_ONE = 9.1;
/** (tanh x ÷ x − 1) ÷ x² as a polynomial in x² ≤ 0.625²; a test fits it anew. */
export const TANH_SERIES: readonly number[] = [
  -0.333333283662796, 0.1333276927471161, -0.05385090783238411, 0.020997179672122, -0.006096714176237583,
];

/** Hyperbolic tangent in each lane. Keeps −0; a series up to 0.625, then 1 − 2 ÷ (e^2x + 1). */
export function tanh(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const given = f.let('x', x);
  const size = f.let('size', given.abs());
  const square = f.let('square', given.mul(given));
  const near = polynomial(f, square, TANH_SERIES).mul(square).mul(size).add(size);
  const twice = f.let('twice', size.pmin(F32x4.const(TANH_IS_ONE)).mul(2));
  const far = F32x4.const(1).sub(F32x4.const(2).div(scaleNormal(scaledExp(f, twice)).add(1)));
  const unsigned = size.lt(TANH_SERIES_END).select(near, far);
  return f.let('tanh', unsigned.bits().or(given.bits().and(SIGN)).asF32x4());
}

/** (artanh s ÷ s − 1) ÷ s² as a polynomial in s² ≤ 1/9; a test fits it anew. */
export const ARTANH_SERIES: readonly number[] = [
  0.33333319425582886, 0.20003780722618103, 0.14118309319019318, 0.1342574954032898,
];

/** ln(1 + e^x) in each lane: max(x, 0) + ln(1 + z), z = e^−|x|, where ln(1 + z) = 2 artanh(z ÷ (2 + z)). */
export function softplus(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const given = f.let('x', x);
  const z = expOfNegative(f, given);
  const twice = f.let('twice', z.add(z).div(z.add(2)));
  const square = f.let('square', twice.mul(twice).mul(0.25));
  const logarithm = polynomial(f, square, ARTANH_SERIES).mul(square).mul(twice).add(twice);
  return f.let('softplus', given.pmax(0).add(logarithm));
}
