// Whether a module's equations can be computed step by step as a sequence comes in.

import type { AnalysedModule } from './analysed.ts';
import { childrenOf, namesIn } from './expressions.ts';
import { indicesOf } from './indices.ts';
import type { Expression, Statement } from './syntax/ast.ts';

/** A clause about what needs the whole sequence at once; undefined where nothing does. */
export function whyWhole({ tree, axes }: AnalysedModule): string | undefined {
  const pooled = new Set<string>();
  for (const statement of tree.statements) {
    const { name, value, indices } = statement;
    const readsPooled = namesIn(value).find((read) => pooled.has(read.name))?.name;
    if (secondIndex(statement, axes)) return `"${name}" looks at all steps of the sequence at once`;
    if (hasSoftmaxOverSteps(value)) return `"${name}" is a softmax over all steps of the sequence`;
    if (indices.length > 0 && readsPooled !== undefined)
      return `"${name}" reads "${readsPooled}" at each step, and that is pooled over all steps of the sequence`;
    if (indices.length === 0 && (readsPooled !== undefined || indicesOf(statement).length > 0)) pooled.add(name);
  }
  return undefined;
}

function secondIndex({ name }: Statement, axes: AnalysedModule['axes']): boolean {
  return [...(axes.get(name)?.values() ?? [])].includes('time*');
}

function hasSoftmaxOverSteps(expression: Expression): boolean {
  const own = expression.kind === 'call' && expression.callee === 'softmax' && expression.subscript !== undefined;
  return own || childrenOf(expression).some(hasSoftmaxOverSteps);
}
