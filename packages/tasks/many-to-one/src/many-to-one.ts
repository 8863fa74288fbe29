// One answer per sequence.
import {
  choice,
  defineOptions,
  defineTask,
  type EquationModule,
  glorotUniform,
  heUniform,
  integer,
  moduleOf,
  number,
  parseOptions,
  type Task,
  zeros,
} from '@unrolled/core';

/** Options of the many-to-one task. */
export interface ManyToOneOptions {
  /** What of the hidden states the output layer sees: the last step, their mean or their largest values. */
  readonly pool: 'last' | 'mean' | 'max';
  /** Dropout of the pooled value. */
  readonly dropout: number;
  /** Size of a hidden layer between the pooled value and the output layer; 0 for none. */
  readonly hidden: number;
}

const options = /* @__PURE__ */ defineOptions<ManyToOneOptions>({
  pool: /* @__PURE__ */ choice(
    'last',
    ['last', 'mean', 'max'],
    'What the output layer sees: the last true step, or the mean or maximum over the true steps',
  ),
  dropout: /* @__PURE__ */ number(0, 'Dropout of the pooled value', { minimum: 0, maximum: 0.99 }),
  hidden: /* @__PURE__ */ integer(
    0,
    'Size of a hidden layer between the pooled value and the output layer; 0 for none',
    {
      minimum: 0,
      maximum: 1 << 24,
    },
  ),
});

/**
 * One answer per sequence: `h` `[batch, time, hidden]` is pooled over the true steps to `[batch, hidden]`, and the output
 * layer makes logits `[batch, size]` of it. `last` takes, of a layer that runs backward, the step it ends at: the first.
 * An empty sequence pools to 0. With `hidden` a layer of rectified linear units stands between: without recurrent layers that
 * is a multilayer perceptron on the mean of word vectors (Iyyer et al. 2015).
 */
export const manyToOne: Task<'many-to-one', ManyToOneOptions, 'label', 'steps'> = /* @__PURE__ */ defineTask({
  name: 'many-to-one',
  package: '@unrolled/task-many-to-one',
  options,
  answers: 'once',
  learns: 'label',
  accepts: 'steps',
  streams: true,
  module: (given, size) => {
    const module = moduleOf(
      {
        name: 'many-to-one',
        options,
        equations: ({ pool, dropout, hidden }) => {
          const pooled = dropout > 0 ? 'dropout(p, dropout)' : 'p';
          return `
            p = ${pool}_s(h[s])
            ${hidden > 0 ? `z = relu(Whz @ ${pooled} + bz)` : ''}
            y = ${hidden > 0 ? 'Wzy @ z' : `Why @ ${pooled}`} + by
          `;
        },
        parameters: ({ hidden }) => ({
          ...(hidden > 0
            ? {
                Whz: { shape: ['units', 'hidden'], init: heUniform() },
                bz: zeros(),
                Wzy: { shape: ['size', 'units'], init: glorotUniform() },
              }
            : { Why: { shape: ['size', 'hidden'], init: glorotUniform() } }),
          by: zeros(),
        }),
        output: 'y',
      },
      given,
    );
    const { hidden } = given;
    return { ...module, sizes: { ...module.sizes, ...(hidden > 0 && { units: hidden }), size } };
  },
});

/**
 * The output layer's equation module, for use without a registry.
 * @param size - number of logits.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function manyToOneTask(size: number, options: Partial<ManyToOneOptions> = {}): EquationModule {
  return manyToOne.module(parseOptions(manyToOne.options, options, 'task "many-to-one"'), size);
}
