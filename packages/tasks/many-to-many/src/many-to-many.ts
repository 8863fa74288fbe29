// An answer for every step.
import {
  defineOptions,
  defineTask,
  type EquationModule,
  parseOptions,
  type StepOutputOptions,
  stepOutput,
  stepOutputFields,
  type Task,
} from '@unrolled/core';

/** Options of the many-to-many task. */
export type ManyToManyOptions = StepOutputOptions;

const name = 'many-to-many';
const options = /* @__PURE__ */ defineOptions<ManyToManyOptions>(stepOutputFields);

/**
 * A label for each step: the output layer makes logits `[batch, time, size]` of each hidden state `h` `[batch, time, hidden]`.
 * An example brings `labels`, one for each of its steps, and its own `tokens` where the text was split by hand.
 */
export const manyToMany: Task<'many-to-many', ManyToManyOptions, 'labels', 'steps'> = /* @__PURE__ */ defineTask({
  name,
  package: '@unrolled/task-many-to-many',
  options,
  answers: 'each-step',
  learns: 'labels',
  accepts: 'steps',
  streams: true,
  module: (given, size) => stepOutput({ name, options }, given, size),
});

/**
 * The output layer's equation module, for use without a registry.
 * @param size - number of logits.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function manyToManyTask(size: number, options: Partial<ManyToManyOptions> = {}): EquationModule {
  return manyToMany.module(parseOptions(manyToMany.options, options, 'task "many-to-many"'), size);
}
