// Operators and how tightly they bind: one table for the parser, the printer and LaTeX.
import type { Expression } from './ast.ts';

/** The operator of a binary expression. */
export type BinaryOperator = Extract<Expression, { kind: 'binary' }>['operator'];

/** How tightly each binary operator binds; more is tighter. */
export const precedence: Readonly<Record<BinaryOperator, number>> = {
  '>': 1,
  '<': 1,
  '+': 2,
  '-': 2,
  '*': 4,
  '/': 4,
  '·': 5,
  '@': 6,
  '^': 8,
};

/** How tightly LaTeX's sum sign binds: it takes in the product that follows it, but not the sum. */
export const SUM_SIGN = 3;

/** How tightly unary minus binds: tighter than every product, looser than a power. */
export const NEGATE = 7;
/** How tightly index, call, slice and transpose bind. */
export const POSTFIX = 9;

/** Every spelling of an operator that the lexer reads, with the one that the tree keeps. */
export const operatorSpellings: Readonly<Record<string, BinaryOperator>> = {
  '+': '+',
  '-': '-',
  '−': '-',
  '*': '*',
  '⊙': '*',
  '∘': '*',
  '/': '/',
  '·': '·',
  '⋅': '·',
  '\u0387': '·',
  '@': '@',
  '^': '^',
  '>': '>',
  '<': '<',
};

/** How tightly an expression holds together when it stands inside another. */
export function tightness(expression: Expression): number {
  if (expression.kind === 'binary') return precedence[expression.operator];
  return expression.kind === 'negate' ? NEGATE : POSTFIX;
}

/** How tightly the left and the right operand of a binary operator must hold together to stand without brackets. */
export function operandTightness(operator: BinaryOperator): readonly [left: number, right: number] {
  const own = precedence[operator];
  if (operator === '^') return [POSTFIX, NEGATE];
  return operator === '@' ? [own + 1, own] : [own, own + 1];
}
