// Parses an equation module and sorts its names out: which are states, inputs, parameters, constants.
import type { EquationModule } from '@unrolled/core';
import { type AnalysedModule, isPrevious } from './analysed.ts';
import { checkModule, checkReads } from './check-names.ts';
import { namesIn } from './expressions.ts';
import { axesOfLine, mainIndexOf, type Ranges } from './indices.ts';
import { parse } from './syntax/parser.ts';

/**
 * Parses a module and checks its names and indices.
 * @param inputs - names bound from outside, e.g. `x`.
 * @param sizes - sizes known from outside, e.g. `inputs`.
 * @param ranges - what indices range over besides that of the step.
 * @param hasSteps - whether it has steps at all; else every index ranges over the source.
 * @throws EquationError `EQUATION_SYNTAX`, `EQUATION_NAME` or `EQUATION_INDEX`
 */
export function analyse(
  module: EquationModule,
  inputs: readonly string[],
  sizes: Readonly<Record<string, number>>,
  ranges: Ranges = 'steps',
  hasSteps = true,
): AnalysedModule {
  const tree = parse(module.equations, `Equations of ${module.name}`);
  const mainIndex = hasSteps ? mainIndexOf(tree) : undefined;
  const previous = new Set(
    tree.statements.flatMap(({ value }) => namesIn(value).flatMap((name) => (isPrevious(name) ? [name.name] : []))),
  );
  const analysed: AnalysedModule = {
    module,
    tree,
    states: tree.statements.map(({ name }) => name).filter((name) => previous.has(name)),
    statements: new Map(tree.statements.map((statement) => [statement.name, statement])),
    constants: new Map(Object.entries({ ...module.constants, ...sizes, ...module.sizes })),
    inputs: new Set(inputs),
    mainIndex,
    axes: new Map(
      tree.statements.map((statement) => [statement.name, axesOfLine(module, statement, mainIndex, ranges)]),
    ),
  };
  checkReads(analysed);
  checkModule(analysed);
  return analysed;
}
