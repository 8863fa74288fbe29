// Polynomials by Horner's rule.
import type { F32x4, F64, F64x2 } from '../assembler/values.ts';

/** c₀ + c₁x + c₂x² + …, from the highest power down. `x` is used once for each power: a variable. */
export function polynomial<V extends F32x4 | F64x2 | F64>(x: V, coefficients: readonly number[]): V {
  const number = x as unknown as F64;
  const [highest = 0, next = 0, ...lower] = [...coefficients].reverse();
  const start = number.mul(highest).add(next);
  return lower.reduce((sum, coefficient) => sum.mul(number).add(coefficient), start) as unknown as V;
}
