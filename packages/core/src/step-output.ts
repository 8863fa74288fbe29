// The output layer of tasks that answer at each step: its equations and its one option.
import type { EquationModule } from './contracts/network.ts';
import { moduleOf } from './define.ts';
import { glorotUniform, zeros } from './initializers.ts';
import { number, type OptionFields, type OptionsSchema } from './options.ts';

/** Options of a task that answers at each step. */
export interface StepOutputOptions {
  /** Dropout of the hidden state before the output layer, a new mask at each step. */
  readonly dropout: number;
}

/** Their fields with defaults. */
export const stepOutputFields: OptionFields<StepOutputOptions> = {
  dropout: /* @__PURE__ */ number(0, 'Dropout of the hidden state before the output layer', {
    minimum: 0,
    maximum: 0.99,
  }),
};

/**
 * `y[t] = Why @ h[t] + by`: logits `[batch, time, size]` of hidden states `h` `[batch, time, hidden]`.
 * @param task - its name and options.
 * @param size - number of logits.
 */
export function stepOutput<O extends StepOutputOptions>(
  task: { readonly name: string; readonly options: OptionsSchema<O> },
  given: O,
  size: number,
): EquationModule {
  const module = moduleOf(
    {
      ...task,
      equations: ({ dropout }) => `y[t] = Why @ ${dropout > 0 ? 'dropout(h[t], dropout)' : 'h[t]'} + by`,
      parameters: { Why: { shape: ['size', 'hidden'], init: glorotUniform() }, by: zeros() },
      output: 'y',
    },
    given,
  );
  return { ...module, sizes: { ...module.sizes, size } };
}
