// Sorts a module's lines into those that the loop over time computes and those that can wait until it is done.

import { type AnalysedModule, isPrevious, type Name } from './analysed.ts';
import { namesIn } from './expressions.ts';
import { mistake } from './mistake.ts';
import type { Statement } from './syntax/ast.ts';

/**
 * Lines that depend on a state but that no state needs: after the loop they see all steps at once, so that an output
 * layer is one product.
 * @throws EquationError `EQUATION_INDEX` where a state needs all steps of a value that depends on a state.
 */
export function linesAfterLoop(analysed: AnalysedModule): ReadonlySet<string> {
  const { module, tree, statements } = analysed;
  const dependent = new Set<string>();
  const needed = neededByStates(analysed);
  for (const statement of tree.statements) {
    const { name, span } = statement;
    const reads = namesIn(statement.value).filter((read) => statements.has(read.name));
    const late = reads.filter((read) => dependent.has(read.name));
    if (late.length > 0 || reads.some(isPrevious)) dependent.add(name);
    const whole = late.find((read) => !isPrevious(read) && readsAllSteps(analysed, statement, read));
    if (whole && needed.has(name))
      throw mistake('EQUATION_INDEX', module, span, {
        found: `all steps of "${whole.name}" at once, which is still being computed step by step`,
        expected: `"${whole.name}[${analysed.mainIndex}-1]", or a value that does not depend on a state`,
      });
  }
  return new Set([...dependent].filter((name) => !needed.has(name)));
}

/** All that a state's own line reads of the same step, directly or not. */
function neededByStates({ states, statements }: AnalysedModule): ReadonlySet<string> {
  const needed = new Set<string>();
  const visit = (name: string): void => {
    const statement = statements.get(name);
    if (!statement || needed.has(name)) return;
    needed.add(name);
    for (const read of namesIn(statement.value)) if (!isPrevious(read)) visit(read.name);
  };
  for (const state of states) visit(state);
  return needed;
}

/** Whether `read` ranges over steps that the line itself does not have. */
function readsAllSteps({ axes }: AnalysedModule, statement: Statement, { indices }: Name): boolean {
  const line = axes.get(statement.name);
  const own = statement.indices.some((index) => line?.get(index.name) === 'time');
  const [only] = indices;
  return own ? indices.length === 1 && line?.get(only?.name ?? '') === 'time*' : indices.length > 0;
}
