// Polynomials, with short chains of operations that wait for each other.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import type { F32x4, F64, F64x2 } from '../assembler/values.ts';

/**
 * c₀ + c₁x + c₂x² + …: pairs (c₀ + c₁x), (c₂ + c₃x) … are the coefficients of a polynomial in x², computed by Horner's rule.
 */
export function polynomial<V extends F32x4 | F64x2 | F64>(
  f: FunctionBuilder,
  variable: Variable<V>,
  coefficients: readonly number[],
): V {
  const x = variable as unknown as Variable<F64>;
  const square = f.let('square', x.mul(x));
  let sum: F64 | number | undefined;
  for (let k = (coefficients.length - 1) & -2; k >= 0; k -= 2) {
    const [even = 0, odd] = coefficients.slice(k, k + 2);
    const pair = odd === undefined ? even : x.mul(odd).add(even);
    if (sum === undefined) sum = pair;
    else sum = typeof pair === 'number' ? square.mul(sum).add(pair) : pair.add(square.mul(sum));
  }
  return sum as unknown as V;
}
