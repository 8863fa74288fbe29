// Syntax tree to canonical text: brackets only where the tree needs them, one spelling for each operator.
import type { Expression, Statement, SyntaxTree } from './ast.ts';
import { NEGATE, operandTightness, POSTFIX, tightness } from './operators.ts';

/**
 * The text of a tree, one statement a line. Parsing it gives the same tree but for the places in the text; comments,
 * brackets without need and other spellings (`σ`, `⊙`, `dot`) are gone.
 */
export function print(tree: Pick<SyntaxTree, 'statements'>): string {
  return tree.statements.map((statement) => `${printStatement(statement)}\n`).join('');
}

/** The text of one statement. */
export function printStatement({ name, indices, value }: Statement): string {
  return `${printName(name, indices)} = ${printExpression(value)}`;
}

/** The text of one expression. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'name':
      return printName(expression.name, expression.indices);
    case 'call':
      return printCall(expression);
    case 'negate':
      return `-${within(expression.operand, NEGATE)}`;
    case 'binary':
      return printBinary(expression);
    case 'transpose':
      return `${within(expression.operand, POSTFIX)}ᵀ`;
    case 'slice':
      return `${within(expression.operand, POSTFIX)}[${optional(expression.from)}:${optional(expression.to)}]`;
    case 'join':
      return `[${expression.items.map(printExpression).join('; ')}]`;
  }
}

function printName(name: string, indices: Statement['indices']): string {
  if (indices.length === 0) return name;
  return `${name}[${indices.map(({ name: index, offset }) => (offset === 0 ? index : `${index}-1`)).join(',')}]`;
}

function printCall(call: Extract<Expression, { kind: 'call' }>): string {
  const name = call.subscript === undefined ? call.callee : `${call.callee}_${call.subscript}`;
  return `${name}(${call.arguments.map(printExpression).join(', ')})`;
}

function printBinary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): string {
  const [atLeft, atRight] = operandTightness(operator);
  const symbol = operator === '^' ? '^' : ` ${operator} `;
  return `${within(left, atLeft)}${symbol}${within(right, atRight)}`;
}

function within(expression: Expression, needed: number): string {
  const text = printExpression(expression);
  return tightness(expression) < needed ? `(${text})` : text;
}

function optional(bound: Expression | undefined): string {
  return bound === undefined ? '' : printExpression(bound);
}
