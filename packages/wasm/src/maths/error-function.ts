// erf x in four lanes.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { F32x4 } from '../assembler/values.ts';
import { polynomial } from './polynomial.ts';

const SIGN = 0x80000000;
/** From here on erf is computed by its complement. */
const SERIES_END = 1.0625;
/** From here on erf is 1. */
const IS_ONE = 4;
/** erf x ÷ x − 1 as a polynomial in x² ≤ 1.0625²; a test fits it anew. */
export const ERF_SERIES: readonly number[] = [
  0.12837909162044525, -0.3761212229728699, 0.11278392374515533, -0.026657648384571075, 0.004852784797549248,
  -0.0005360934883356094,
];
/** The eighth root of 1 − erf x for 1.0625 ≤ x ≤ 2.35, which is near enough up to 4; a test fits it anew. */
export const ERFC_ROOT: readonly number[] = [
  1.0009962320327759, -0.14562883973121643, -0.06062345579266548, -0.01195244025439024, 0.013147941790521145,
  -0.0025118596386164427, 0.00015281024388968945,
];

/**
 * erf x = 2/√π ∫₀ˣ e^−s² ds in each lane. Keeps −0; ±1 from ±4 on.
 *
 * Up to 1.06 a series; then 1 − p⁸, since the eighth root of what is left to 1 has a short polynomial. Hastings (1955; in
 * Abramowitz and Stegun 7.1.28) has one for the reciprocal of the 16th root, which needs a division.
 */
export function erf(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  const given = f.let('x', x);
  const size = f.let('size', given.abs().pmin(F32x4.const(IS_ONE)));
  const square = f.let('square', size.mul(size));
  const near = polynomial(f, square, ERF_SERIES).mul(size).add(size);
  const root = f.let('root', polynomial(f, size, ERFC_ROOT));
  const second = f.let('second', root.mul(root));
  const fourth = f.let('fourth', second.mul(second));
  const far = F32x4.const(1).sub(fourth.mul(fourth));
  const unsigned = size.lt(SERIES_END).select(near, far);
  return f.let('erf', unsigned.bits().or(given.bits().and(SIGN)).asF32x4());
}
