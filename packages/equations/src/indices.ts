// Which steps the indices of a line range over: the line's own, or all steps once more.
import type { EquationModule } from '@unrolled/core';
import { childrenOf } from './expressions.ts';
import type { Axis } from './ir.ts';
import { mistake } from './mistake.ts';
import type { Expression, Statement, SyntaxTree } from './syntax/ast.ts';

/** What an index ranges over. */
export type SequenceAxis = Exclude<Axis, 'batch'>;

/** Axis by index, for one line. */
export type LineAxes = ReadonlyMap<string, SequenceAxis>;

/** The index that counts the steps of the recurrence: `t` where it occurs, else the first one in the text. */
export function mainIndexOf({ statements }: SyntaxTree): string {
  const mentioned = statements.flatMap(indicesOf);
  return mentioned.includes('t') ? 't' : (mentioned[0] ?? 't');
}

/** Names of a line's indices, once each and in order, those of subscripts too; the step number `t` is one. */
export function indicesOf({ indices, value }: Statement): readonly string[] {
  return [...new Set([...indices.map(({ name }) => name), ...mentionedIn(value)])];
}

function mentionedIn(expression: Expression): string[] {
  return [...ownIndices(expression), ...childrenOf(expression).flatMap(mentionedIn)];
}

function ownIndices(expression: Expression): readonly string[] {
  if (expression.kind === 'call') return expression.subscript === undefined ? [] : [expression.subscript];
  if (expression.kind !== 'name') return [];
  const { name, indices } = expression;
  return indices.length === 0 && name === 't' ? ['t'] : indices.map((index) => index.name);
}

/**
 * What a module's indices range over besides its steps: all of them once more; or the positions of a source, which have no
 * steps of the module's own.
 */
export type Ranges = 'steps' | 'source';

/**
 * Axis of each index of a line. The main index ranges over the line's own steps, and so does the first index of a line
 * without it; another one ranges over all steps once more. Beside a source any index but the main one ranges over that.
 * @throws EquationError `EQUATION_INDEX` for a third.
 */
export function axesOfLine(
  module: EquationModule,
  statement: Statement,
  main: string | undefined,
  ranges: Ranges = 'steps',
): LineAxes {
  const names = indicesOf(statement);
  const first = ranges === 'steps' ? names[0] : undefined;
  const own = main !== undefined && names.includes(main) ? main : first;
  const [second, third] = names.filter((name) => name !== own);
  if (third !== undefined)
    throw mistake('EQUATION_INDEX', module, statement.span, {
      found: `${names.length === 2 ? 'two' : 'three'} indices in one line: ${names.map((name) => `"${name}"`).join(', ')}`,
      expected:
        ranges === 'steps'
          ? 'at most two, that of the step and one over all steps'
          : 'at most one over the source, beside that of the step',
    });
  const repeated = statement.indices.length !== new Set(statement.indices.map(({ name }) => name)).size;
  if (repeated)
    throw mistake('EQUATION_INDEX', module, statement.target, {
      found: `"${written(statement)}", the same index twice`,
      expected: `different indices: "${statement.name}[t,s]"`,
    });
  return new Map([
    ...(own === undefined ? [] : [[own, 'time'] as const]),
    ...(second === undefined ? [] : [[second, 'time*'] as const]),
  ]);
}

/** A name with its indices as the text has them: `h[t-1]`. */
export function written({ name, indices }: Pick<Statement, 'name' | 'indices'>): string {
  const inside = indices.map((index) => (index.offset === 0 ? index.name : `${index.name}-1`));
  return inside.length === 0 ? name : `${name}[${inside.join(',')}]`;
}
