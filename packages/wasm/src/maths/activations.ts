// sigmoid, tanh and softplus in four lanes, accurate in both tails.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { F32x4 } from '../assembler/values.ts';
import { expOfNegative, powerOfTwo, reduce } from './exponential.ts';
import { polynomial } from './polynomial.ts';

const SIGN = 0x80000000;
const NOT_SIGN = 0x7fffffff;

/** e^−|x| in each lane. */
function expOfNegativeSize(f: FunctionBuilder, x: Variable<F32x4>): Variable<F32x4> {
  return expOfNegative(f, x.bits().or(SIGN).asF32x4());
}

/** Below it e^x ÷ (1 + e^x) is computed from e^x downwards. */
const SIGMOID_TAIL = -1;

/**
 * Logistic sigmoid 1 ÷ (1 + e^−x) in each lane.
 *
 * Below 0 it is q = e ÷ (1 + e), e = e^x, which goes on down to subnormal numbers; where e is small it is e − e·q, in which
 * the rounding of 1 + e and of the division count for less.
 */
export function sigmoid(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const given = f.let('x', x);
  const e = expOfNegativeSize(f, given);
  // 1, or 0 below 0: its maximum with e is cheaper than a selection.
  const unit = F32x4.const(1).bits().andNot(given.bits().shrS(31)).asF32x4();
  const quotient = f.let('quotient', e.pmax(unit).div(e.add(1)));
  return f.let('sigmoid', given.lt(SIGMOID_TAIL).select(e.sub(e.mul(quotient)), quotient));
}

/** From here on tanh is 1. */
const TANH_IS_ONE = 9.1;
/** Takes e^2x near 1 up to where x is 0.28, so that what is left over is not cancelled. */
const TANH_SHIFT = 0.3;
/** (e^2r − 1 − 2r) ÷ 2r² for r from −0.1 ln 2 to 0.4 ln 2; a test fits it anew. */
export const TANH_SERIES: readonly number[] = [
  1, 0.6666717529296875, 0.3333277702331543, 0.1323065608739853, 0.05173790827393532,
];

/**
 * Hyperbolic tangent in each lane. Keeps −0.
 *
 * It is n ÷ (n + 1), n = (e^2x − 1) ÷ 2 = 2^k·(e^2r − 1) ÷ 2 + (2^k − 1) ÷ 2. Where k is 0 and r is x, it is computed as
 * x + (n − x − x·n) ÷ (n + 1), whose second term is small.
 */
export function tanh(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const given = f.let('x', x);
  // A mask that stays in a register is faster in V8 than abs.
  const size = f.let('size', given.bits().and(NOT_SIGN).asF32x4().pmin(F32x4.const(TANH_IS_ONE)));
  const { rest, whole, exponent } = reduce(f, size, 2, TANH_SHIFT);
  const base = f.let('base', whole.eq(0).and(size.bits()).asF32x4());
  const power = f.let('power', powerOfTwo(exponent));
  const growth = polynomial(f, rest, TANH_SERIES).mul(rest.mul(rest)).add(rest.sub(base));
  const aboveBase = f.let('above', growth.mul(power).add(power.mul(0.5).sub(0.5)));
  const n = f.let('n', aboveBase.add(base));
  const unsigned = aboveBase.sub(base.mul(n)).div(n.add(1)).add(base);
  return f.let('tanh', unsigned.bits().or(given.bits().and(SIGN)).asF32x4());
}

/** (artanh s ÷ s − 1) ÷ s² as a polynomial in s² ≤ 1/9; a test fits it anew. */
export const ARTANH_SERIES: readonly number[] = [
  0.33333319425582886, 0.20003780722618103, 0.14118309319019318, 0.1342574954032898,
];

/** ln(1 + e^x) in each lane: max(x, 0) + ln(1 + z), z = e^−|x|, where ln(1 + z) = 2 artanh(z ÷ (2 + z)). */
export function softplus(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const given = f.let('x', x);
  const z = expOfNegativeSize(f, given);
  const twice = f.let('twice', z.add(z).div(z.add(2)));
  const square = f.let('square', twice.mul(twice).mul(0.25));
  const logarithm = polynomial(f, square, ARTANH_SERIES).mul(square).mul(twice).add(twice);
  return f.let('softplus', given.pmax(0).add(logarithm));
}
