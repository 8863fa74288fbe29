// What the modules of a decoder see of a memory, and what equations of first values may assign.
import { type EquationModule, nearest } from '@unrolled/core';
import { type AnalysedModule, meaningOf } from './analysed.ts';
import { namesIn } from './expressions.ts';
import type { Shape } from './ir.ts';
import type { Bound, Range } from './lowering.ts';
import { mistake } from './mistake.ts';
import { parse } from './syntax/parser.ts';

/** A source's vectors, and where they end. */
export interface Memory {
  /** Over batch and time, 0 beyond the source. */
  readonly bound: Bound;
  /** Size of a vector. */
  readonly size: number;
  /** True positions of the source. */
  readonly length: () => number;
  /** Whether the time axis goes on beyond them. */
  readonly cut: boolean;
}

/** The range of an index over a memory that lies along an axis of the graph. */
export function rangeOver({ length, cut }: Memory, axis: Range['axis']): Range {
  return { axis, length, cut };
}

/** Whether a module reads the memory, which a name of its own would hide. */
export function readsMemory({ name, equations, parameters, constants, sizes }: EquationModule): boolean {
  if ([parameters, constants, sizes].some((own) => Object.hasOwn(own, 'm'))) return false;
  const { statements } = parse(equations, `Equations of ${name}`);
  if (statements.some((statement) => statement.name === 'm')) return false;
  return statements.some(({ value }) => namesIn(value).some((read) => read.name === 'm'));
}

/**
 * Checks that equations of first values assign states of a layer, and nothing that is of no use.
 * @param states - shapes of the layer's states, by name.
 * @throws EquationError `EQUATION_NAME` or `EQUATION_INDEX`
 */
export function checkBegin(analysed: AnalysedModule, states: Readonly<Record<string, Shape>>, layer: string): void {
  const { module, tree } = analysed;
  const read = new Set(tree.statements.flatMap(({ value }) => namesIn(value).map(({ name }) => name)));
  const names = Object.keys(states);
  const expected =
    names.length === 0 ? `no first values: ${layer} has no states` : `first values of ${names.join(', ')}`;
  for (const { name, indices, target } of tree.statements) {
    if (names.includes(name)) {
      if (indices.length > 0)
        throw mistake('EQUATION_INDEX', module, target, {
          found: `an index of "${name}", of which there is one first value`,
          expected: `"${name}", without an index`,
        });
    } else if (!read.has(name)) {
      const close = nearest(name, names);
      const meant = close === undefined ? '' : ` (did you mean "${close}"?)`;
      throw mistake('EQUATION_NAME', module, target, {
        found: `"${name}", which is no state of ${layer}${meant}`,
        expected,
      });
    }
  }
  if (meaningOf(analysed, module.output) === 'value' && names.includes(module.output)) return;
  throw mistake(
    'EQUATION_NAME',
    module,
    { start: module.equations.length, end: module.equations.length },
    {
      found: `the output "${module.output}", which is no state of ${layer}`,
      expected,
    },
  );
}
