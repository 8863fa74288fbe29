// A linear layer on a bag, without a recurrent layer.
import {
  defineOptions,
  defineTask,
  type EquationModule,
  glorotUniform,
  moduleOf,
  parseOptions,
  type Task,
  zeros,
} from '@unrolled/core';

/** The linear task has no options. */
export type LinearOptions = Record<never, never>;

const options = /* @__PURE__ */ defineOptions<LinearOptions>({});

/**
 * One answer for a bag: logits `y` `[batch, size]` are the sum of the columns of `Why` `[size, columns]` that the bag has, each
 * times its number, and `by`. With a cross-entropy it is logistic regression: the baseline that knows nothing of order.
 * Only the columns of a batch are touched, so it is as fast for a million columns as for a thousand.
 */
export const linear: Task<'linear', LinearOptions, 'label', 'bag'> = /* @__PURE__ */ defineTask({
  name: 'linear',
  package: '@unrolled/task-linear',
  options,
  answers: 'once',
  learns: 'label',
  accepts: 'bag',
  streams: false,
  module: (given, size) => {
    const module = moduleOf(
      {
        name: 'linear',
        options,
        equations: `
          z[s] = value[s] * (Why @ h[s])
          y = sum_s(z[s]) + by
        `,
        parameters: { Why: { shape: ['size', 'hidden'], init: glorotUniform() }, by: zeros() },
        output: 'y',
      },
      given,
    );
    return { ...module, sizes: { ...module.sizes, size } };
  },
});

/**
 * The output layer's equation module, for use without a registry.
 * @param size - number of logits.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function linearTask(size: number, options: Partial<LinearOptions> = {}): EquationModule {
  return linear.module(parseOptions(linear.options, options, 'task "linear"'), size);
}
