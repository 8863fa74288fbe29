// The elementwise primitives in four lanes.
import type { Node, Value } from '@unrolled/equations';
import { cos, erf, exp, type F32x4, type FunctionBuilder, log, sigmoid, sin, softplus, tanh } from '@unrolled/wasm';

const unary: Readonly<Record<string, (f: FunctionBuilder, x: F32x4) => F32x4>> = {
  exp,
  log,
  sin,
  cos,
  tanh,
  sigmoid,
  softplus,
  erf,
  sqrt: (_, x) => x.sqrt(),
  abs: (_, x) => x.abs(),
};

const binary: Readonly<Record<string, (x: F32x4, y: F32x4) => F32x4>> = {
  add: (x, y) => x.add(y),
  subtract: (x, y) => x.sub(y),
  multiply: (x, y) => x.mul(y),
  divide: (x, y) => x.div(y),
  maximum: (x, y) => x.max(y),
  minimum: (x, y) => x.min(y),
};

/** The value of a fused node, of its arguments' values in order. */
export function arithmetic(f: FunctionBuilder, { value, destination }: Node, args: readonly F32x4[]): F32x4 {
  return destination ? (args[0] as F32x4) : arithmeticOf(f, value, args);
}

/** An elementwise value, of its arguments' values in order. */
export function arithmeticOf(f: FunctionBuilder, { op }: Value, args: readonly F32x4[]): F32x4 {
  const [x, y, yes, no] = args as [F32x4, F32x4, F32x4, F32x4];
  if (op === 'expand' || op === 'view') return x;
  const one = unary[op];
  if (one) return one(f, x);
  const two = binary[op];
  if (two) return two(x, y);
  if (op !== 'where') throw new RangeError(`"${op}" is not elementwise`);
  return x.gt(y).select(yes, no);
}
