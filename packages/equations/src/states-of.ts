// The states of a module: what its equations read of the step before.
import type { EquationModule } from '@unrolled/core';
import { isPrevious } from './analysed.ts';
import { namesIn } from './expressions.ts';
import { parse } from './syntax/parser.ts';

/** Names of the states of a module, each once and in the order in which they are assigned. @throws EquationError */
export function statesOf({ equations, name }: Pick<EquationModule, 'equations' | 'name'>): readonly string[] {
  const { statements } = parse(equations, name);
  const read = new Set(statements.flatMap(({ value }) => namesIn(value).filter(isPrevious)).map((each) => each.name));
  return statements.map((statement) => statement.name).filter((assigned) => read.has(assigned));
}
