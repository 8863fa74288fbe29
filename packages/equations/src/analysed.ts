// A module with its names sorted out, and what can be asked of it.
import type { EquationModule } from '@unrolled/core';
import type { LineAxes } from './indices.ts';
import type { Expression, Statement, SyntaxTree } from './syntax/ast.ts';

/** An expression that is a name. */
export type Name = Expression & { readonly kind: 'name' };

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
  /** Statement by assigned name, in order. */
  readonly statements: ReadonlyMap<string, Statement>;
  /** Values of sizes and constants by name. */
  readonly constants: ReadonlyMap<string, number>;
  /** Names bound from outside. */
  readonly inputs: ReadonlySet<string>;
  /** The index that counts the steps: `t`; undefined where there are none. */
  readonly mainIndex: string | undefined;
  /** What the indices of a line range over, by the name that the line assigns. */
  readonly axes: ReadonlyMap<string, LineAxes>;
}

/** Whether a name is read at the step before. */
export function isPrevious({ indices }: Name): boolean {
  return indices.some(({ offset }) => offset === -1);
}

/** What a name stands for; undefined for an unknown one. */
export function meaningOf(
  { statements, inputs, module, constants }: AnalysedModule,
  name: string,
): Meaning | undefined {
  if (statements.has(name)) return 'value';
  if (inputs.has(name)) return 'input';
  if (Object.hasOwn(module.parameters, name)) return 'parameter';
  return constants.has(name) || name === 't' ? 'constant' : undefined;
}

/** The parameter that a state with a learned start begins at, listed or not: `h0` for `h`. */
export function learnedParameterOf({ module, states }: AnalysedModule, state: string): string | undefined {
  return states.includes(state) && module.initial[state] === 'learned' ? `${state}0` : undefined;
}
