// A number per sequence.
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

/** Options of the regression task. */
export type RegressionOptions = PooledOutputOptions;

const name = 'regression';
const options = /* @__PURE__ */ defineOptions<RegressionOptions>(pooledOutputFields);

/**
 * A number per sequence: `h` `[batch, time, hidden]` is pooled over the true steps to `[batch, hidden]`, and the output layer
 * makes a value `[batch, 1]` of it, of which the pipeline makes a number in the unit of those that it learned from. An example
 * brings its `number`. Pooling and the hidden layer are those of the task `many-to-one`.
 */
export const regression: Task<'regression', RegressionOptions, 'number', 'steps'> = /* @__PURE__ */ defineTask({
  name,
  package: '@unrolled/task-regression',
  options,
  answers: 'once',
  learns: 'number',
  accepts: 'steps',
  streams: true,
  module: (given, size) => pooledOutput({ name, options }, given, size),
});

/**
 * The output layer's equation module, for use without a registry.
 * @param size - how many values; 1 in a pipeline.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function regressionTask(size: number, options: Partial<RegressionOptions> = {}): EquationModule {
  return regression.module(parseOptions(regression.options, options, 'task "regression"'), size);
}
