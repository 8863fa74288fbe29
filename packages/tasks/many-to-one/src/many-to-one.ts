// One answer per sequence.
import {
  defineOptions,
  defineTask,
  type EquationModule,
  type PooledOutputOptions,
  parseOptions,
  pooledOutput,
  pooledOutputFields,
  type Task,
} from '@unrolled/core';

/** Options of the many-to-one task. */
export type ManyToOneOptions = PooledOutputOptions;

const name = 'many-to-one';
const options = /* @__PURE__ */ defineOptions<ManyToOneOptions>(pooledOutputFields);

/**
 * One answer per sequence: `h` `[batch, time, hidden]` is pooled over the true steps to `[batch, hidden]`, and the output
 * layer makes logits `[batch, size]` of it. `last` takes, of a layer that runs backward, the step it ends at: the first.
 * An empty sequence pools to 0. With `hidden` a layer of rectified linear units stands between: without recurrent layers that
 * is a multilayer perceptron on the mean of word vectors (Iyyer et al. 2015).
 */
export const manyToOne: Task<'many-to-one', ManyToOneOptions, 'label', 'steps'> = /* @__PURE__ */ defineTask({
  name,
  package: '@unrolled/task-many-to-one',
  options,
  answers: 'once',
  learns: 'label',
  accepts: 'steps',
  streams: true,
  module: (given, size) => pooledOutput({ name, options }, given, size),
});

/**
 * The output layer's equation module, for use without a registry.
 * @param size - number of logits.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function manyToOneTask(size: number, options: Partial<ManyToOneOptions> = {}): EquationModule {
  return manyToOne.module(parseOptions(manyToOne.options, options, 'task "many-to-one"'), size);
}
