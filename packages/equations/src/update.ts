// Builds an optimizer's update as a graph.
import type { EquationModule } from '@unrolled/core';
import { GraphBuilder } from './builder.ts';
import { checkNothingLearned, endOf } from './check-names.ts';
import type { Shape } from './ir.ts';
import { binaryLoops, unaryLoops } from './kernels.ts';
import { lower } from './lower.ts';
import { mistake } from './mistake.ts';
import { analyse } from './module.ts';

/** One update of a parameter's elements as a graph. */
export interface Update {
  /** Its parameters are the leaves `g`, `w`, `rate`, `t` and the optimizer's states. */
  readonly builder: GraphBuilder;
  /** States besides `w`, all of the parameter's size, starting at 0. */
  readonly states: readonly string[];
  /** New value of each state, in that order. */
  readonly nexts: readonly number[];
  /** New weights. */
  readonly weights: number;
}

/** Primitives that an optimizer's equations may lower to: those that treat each element alike. */
const elementwise: ReadonlySet<string> = new Set([
  ...Object.keys(unaryLoops),
  ...Object.keys(binaryLoops),
  ...['where', 'expand', 'view', 'constant', 'parameter'],
]);

/**
 * Builds an optimizer's update for `size` elements. Since the equations are elementwise, any part of a parameter can be
 * updated on its own.
 * @throws EquationError
 */
export function buildUpdate(module: EquationModule, size: number): Update {
  const builder = new GraphBuilder();
  const bindings = {
    g: { id: builder.parameter('g', [size]), classes: 0 },
    rate: { id: builder.parameter('rate', []), classes: 0 },
  };
  const analysed = analyse(module, Object.keys(bindings), {});
  checkNothingLearned(module, 'an optimizer');
  const lowered = lower(builder, analysed, {
    prefix: '',
    bindings,
    reverse: false,
    counts: 'updates',
    nextSite: () => 0,
  });
  const other = builder.values.find(({ op }) => !elementwise.has(op));
  if (other)
    throw mistake('EQUATION_SHAPE', module, endOf(module), {
      found: `"${other.op}" in the equations of ${module.name}`,
      expected: 'equations that hold for each element of a weight by itself',
    });
  const states = analysed.states.filter((name) => name !== module.output);
  for (const name of [module.output, ...states]) {
    const shape = lowered.shapes.values[name] as Shape;
    if (shape.join() !== `${size}`)
      throw mistake('EQUATION_SHAPE', module, endOf(module), {
        found: `"${name}" of ${module.name}, ${shape.length === 0 ? 'a scalar' : `[${shape.join(', ')}]`}`,
        expected: 'a value for each element of a weight',
      });
  }
  const next = (name: string) => lowered.values.get(name) as number;
  return { builder, states, nexts: states.map(next), weights: next(module.output) };
}
