// An answer for every step.
import {
  defineOptions,
  defineTask,
  type EquationModule,
  glorotUniform,
  moduleOf,
  number,
  parseOptions,
  type Task,
  zeros,
} from '@unrolled/core';

/** Options of the many-to-many task. */
export interface ManyToManyOptions {
  /** Dropout of the hidden state before the output layer, a new mask at each step. */
  readonly dropout: number;
}

const options = /* @__PURE__ */ defineOptions<ManyToManyOptions>({
  dropout: /* @__PURE__ */ number(0, 'Dropout of the hidden state before the output layer', {
    minimum: 0,
    maximum: 0.99,
  }),
});

/**
 * A label for each step: the output layer makes logits `[batch, time, size]` of each hidden state `h` `[batch, time, hidden]`.
 * An example brings `labels`, one for each of its steps, and its own `tokens` where the text was split by hand.
 */
export const manyToMany: Task<'many-to-many', ManyToManyOptions, 'labels', 'steps'> = /* @__PURE__ */ defineTask({
  name: 'many-to-many',
  package: '@unrolled/task-many-to-many',
  options,
  answers: 'each-step',
  learns: 'labels',
  accepts: 'steps',
  streams: true,
  module: (given, size) => {
    const module = moduleOf(
      {
        name: 'many-to-many',
        options,
        equations: ({ dropout }) => `y[t] = Why @ ${dropout > 0 ? 'dropout(h[t], dropout)' : 'h[t]'} + by`,
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
export function manyToManyTask(size: number, options: Partial<ManyToManyOptions> = {}): EquationModule {
  return manyToMany.module(parseOptions(manyToMany.options, options, 'task "many-to-many"'), size);
}
