// The output layer of tasks that answer once: pooling over the steps, its equations and its options.
import type { EquationModule } from './contracts/network.ts';
import { moduleOf } from './define.ts';
import { glorotUniform, heUniform, zeros } from './initializers.ts';
import { choice, integer, number, type OptionFields, type OptionsSchema } from './options.ts';

/** Options of a task that answers once. */
export interface PooledOutputOptions {
  /** What of the hidden states the output layer sees: the last step, their mean or their largest values. */
  readonly pool: 'last' | 'mean' | 'max';
  /** Dropout of the pooled value. */
  readonly dropout: number;
  /** Size of a hidden layer between the pooled value and the output layer; 0 for none. */
  readonly hidden: number;
}

/** Their fields with defaults. */
export const pooledOutputFields: OptionFields<PooledOutputOptions> = {
  pool: /* @__PURE__ */ choice(
    'last',
    ['last', 'mean', 'max'],
    'What the output layer sees: the last true step, or the mean or maximum over the true steps',
  ),
  dropout: /* @__PURE__ */ number(0, 'Dropout of the pooled value', { minimum: 0, maximum: 0.99 }),
  hidden: /* @__PURE__ */ integer(
    0,
    'Size of a hidden layer between the pooled value and the output layer; 0 for none',
    { minimum: 0, maximum: 1 << 24 },
  ),
};

/**
 * `y` `[batch, size]` of hidden states `h` `[batch, time, hidden]`: they are pooled over the true steps to `[batch, hidden]`, and
 * the output layer is linear in that. `last` takes, of a layer that runs backward, the step it ends at: the first. An empty
 * sequence pools to 0. With `hidden` a layer of rectified linear units stands between: without recurrent layers that is a
 * multilayer perceptron on the mean of word vectors (Iyyer et al. 2015).
 * @param task - its name and options.
 * @param size - number of outputs.
 */
export function pooledOutput<O extends PooledOutputOptions>(
  task: { readonly name: string; readonly options: OptionsSchema<O> },
  given: O,
  size: number,
): EquationModule {
  const module = moduleOf(
    {
      ...task,
      equations,
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
}

/** Indented as saved checkpoints have it: a run goes on only with the same text. */
function equations({ pool, dropout, hidden }: PooledOutputOptions): string {
  const pooled = dropout > 0 ? 'dropout(p, dropout)' : 'p';
  return `
            p = ${pool}_s(h[s])
            ${hidden > 0 ? `z = relu(Whz @ ${pooled} + bz)` : ''}
            y = ${hidden > 0 ? 'Wzy @ z' : `Why @ ${pooled}`} + by
          `;
}
