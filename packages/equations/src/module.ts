// A parsed equation module with its names sorted out: which are states, inputs, parameters, constants.
import type { EquationModule } from '@unrolled/core';
import { mistake } from './mistake.ts';
import type { Expression, Statement, SyntaxTree } from './syntax/ast.ts';
import type { EquationError } from './syntax/error.ts';
import { nearest } from './syntax/nearest.ts';
import { parse } from './syntax/parser.ts';

/** What a bare or indexed name stands for. */
export type Meaning = 'value' | 'input' | 'parameter' | 'constant';

/** A module with its syntax tree and the meaning of its names. */
export interface AnalysedModule {
  /** The module as given. */
  readonly module: EquationModule;
  /** Its text, parsed. */
  readonly tree: SyntaxTree;
  /** Names read at `[t-1]`, in order of assignment: its states. */
  readonly states: readonly string[];
  /** Statement by assigned name. */
  readonly statements: ReadonlyMap<string, Statement>;
  /** Values of sizes and constants by name. */
  readonly constants: ReadonlyMap<string, number>;
  /** Names bound from outside. */
  readonly inputs: ReadonlySet<string>;
  /** What a name stands for. @throws EquationError `EQUATION_NAME` with the nearest name. */
  readonly meaning: (expression: Expression & { readonly kind: 'name' }) => Meaning;
}

/**
 * Parses a module and checks its names.
 * @param inputs - names bound from outside, e.g. `x`.
 * @param sizes - sizes known from outside, e.g. `inputs`.
 * @throws EquationError `EQUATION_SYNTAX` or `EQUATION_NAME`
 */
export function analyse(
  module: EquationModule,
  inputs: readonly string[],
  sizes: Readonly<Record<string, number>>,
): AnalysedModule {
  const tree = parse(module.equations, `Equations of ${module.name}`);
  const statements = new Map<string, Statement>();
  const constants = new Map(Object.entries({ ...module.constants, ...sizes, ...module.sizes }));
  const bound = new Set(inputs);
  for (const statement of tree.statements) {
    checkAssignable(module, statement, statements, bound, constants);
    statements.set(statement.name, statement);
  }
  const meaning = (expression: Expression & { readonly kind: 'name' }): Meaning => {
    const { name } = expression;
    if (statements.has(name)) return 'value';
    if (bound.has(name)) return 'input';
    if (Object.hasOwn(module.parameters, name)) return 'parameter';
    if (constants.has(name) || name === 't') return 'constant';
    const known = [...statements.keys(), ...bound, ...Object.keys(module.parameters), ...constants.keys()];
    throw unknownName(module, expression, known);
  };
  const names = tree.statements.flatMap((statement) => namesIn(statement.value));
  const previous = names.filter(({ indices }) => indices.some(({ offset }) => offset === -1));
  for (const name of previous) checkState(module, name, meaning(name), statements);
  for (const name of names) meaning(name);
  checkUse(module, names, statements);
  const read = new Set(previous.map(({ name }) => name));
  const states = [...statements.keys()].filter((name) => read.has(name));
  return { module, tree, states, statements, constants, inputs: bound, meaning };
}

/** All names in an expression, in order. */
export function namesIn(expression: Expression): (Expression & { readonly kind: 'name' })[] {
  if (expression.kind === 'name') return [expression];
  return childrenOf(expression).flatMap(namesIn);
}

/** Direct subexpressions. */
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

function checkAssignable(
  module: EquationModule,
  { name, target }: Statement,
  earlier: ReadonlyMap<string, Statement>,
  inputs: ReadonlySet<string>,
  constants: ReadonlyMap<string, number>,
): void {
  const taken = earlier.has(name)
    ? 'is assigned twice'
    : inputs.has(name)
      ? 'is an input'
      : Object.hasOwn(module.parameters, name)
        ? 'is a parameter'
        : constants.has(name)
          ? 'is an option or size'
          : name === 't'
            ? 'is the step number'
            : undefined;
  if (taken)
    throw mistake('EQUATION_NAME', module, target, {
      found: `"${name}", which ${taken}`,
      expected: 'a new name on the left-hand side',
    });
}

function checkState(
  module: EquationModule,
  { name, span }: Expression & { readonly kind: 'name' },
  meaning: Meaning,
  statements: ReadonlyMap<string, Statement>,
): void {
  const assigned = statements.get(name);
  if (assigned && assigned.indices.length === 1) return;
  throw mistake('EQUATION_NAME', module, span, {
    found: `the previous step of "${name}", ${assigned ? 'which is not assigned at [t]' : `which is ${article(meaning)}`}`,
    expected: `a state of ${module.name}: a value assigned at [t] (to reach back to an input, assign it to a state first: p[t] = ${name}[t], then read p[t-1])`,
  });
}

function checkUse(
  module: EquationModule,
  names: readonly { readonly name: string }[],
  statements: ReadonlyMap<string, Statement>,
): void {
  const used = new Set(names.map(({ name }) => name));
  const idle = Object.keys(module.parameters).find((name) => !used.has(name));
  const end = { start: module.equations.length, end: module.equations.length };
  if (idle !== undefined)
    throw mistake('EQUATION_NAME', module, end, {
      found: `no use of parameter "${idle}" of ${module.name}`,
      expected: 'every listed parameter in the equations',
    });
  if (!statements.has(module.output))
    throw mistake('EQUATION_NAME', module, end, {
      found: `no equation for the output "${module.output}" of ${module.name}${suggestion(module.output, [...statements.keys()])}`,
      expected: 'an equation that assigns it',
    });
}

function unknownName(
  module: EquationModule,
  expression: Expression & { readonly kind: 'name' },
  known: readonly string[],
): EquationError {
  return mistake('EQUATION_NAME', module, expression.span, {
    found: `"${expression.name}", which is not a value, input, parameter, option or size${suggestion(expression.name, known)}`,
    expected: 'a known name; a parameter must be listed in `parameters`',
  });
}

function suggestion(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  return close === undefined ? '' : ` (did you mean "${close}"?)`;
}

function article(meaning: Meaning): string {
  return meaning === 'input' ? 'an input' : `a ${meaning}`;
}
