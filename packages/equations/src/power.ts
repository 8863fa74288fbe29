// Powers without a primitive of their own: products for whole exponents, a root for halves, exp(y log x) for the rest.

import type { GraphBuilder } from './builder.ts';
import { constantValue } from './infer.ts';
import type { Lowering } from './lowering.ts';
import type { Expression } from './syntax/ast.ts';

/** Above this a product chain is longer than exp and log. */
const largestWhole = 64;

/** Lowers `left ^ right`. A fractional or computed exponent needs a positive base; otherwise the result is NaN. */
export function power(lowering: Lowering, left: Expression, right: Expression): number {
  const { builder, analysed } = lowering;
  const base = lowering.dense(left);
  const exponent = constantValue(right, analysed.constants);
  if (exponent !== undefined && Number.isInteger(exponent) && Math.abs(exponent) <= largestWhole) {
    const product = wholePower(builder, base, Math.abs(exponent));
    return exponent < 0 ? builder.divide(builder.constant(1), product) : product;
  }
  if (exponent === 0.5) return builder.unary('sqrt', base);
  if (exponent === -0.5) return builder.divide(builder.constant(1), builder.unary('sqrt', base));
  return builder.unary('exp', builder.multiply(lowering.dense(right), builder.unary('log', base)));
}

/** By repeated squaring. */
function wholePower(builder: GraphBuilder, base: number, exponent: number): number {
  if (exponent === 0) return builder.constant(1, builder.shape(base));
  if (exponent === 1) return base;
  const half = wholePower(builder, base, Math.floor(exponent / 2));
  const square = builder.multiply(half, half);
  return exponent % 2 === 0 ? square : builder.multiply(square, base);
}
