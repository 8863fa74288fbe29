// Walks an expression.
import type { Expression } from './syntax/ast.ts';

/** Direct subexpressions, in the order of the text. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return [];
    case 'call':
      return expression.arguments;
    case 'binary':
      return [expression.left, expression.right];
    case 'negate':
    case 'transpose':
      return [expression.operand];
    case 'slice':
      return [expression.operand, expression.from, expression.to].filter((each) => each !== undefined);
    case 'join':
      return expression.items;
  }
}

/** All names in an expression, in the order of the text. */
export function namesIn(expression: Expression): readonly (Expression & { readonly kind: 'name' })[] {
  return expression.kind === 'name' ? [expression] : childrenOf(expression).flatMap(namesIn);
}
