// The next token at every step.
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

/** Options of the language-model task. */
export interface LanguageModelOptions {
  /** Dropout of the hidden state before the output layer, a new mask at each step. */
  readonly dropout: number;
}

const options = /* @__PURE__ */ defineOptions<LanguageModelOptions>({
  dropout: /* @__PURE__ */ number(0, 'Dropout of the hidden state before the output layer', {
    minimum: 0,
    maximum: 0.99,
  }),
});

/**
 * A label for each step: the output layer makes logits `[batch, time, size]` of each hidden state `h` `[batch, time, hidden]`.
 * An example brings `labels`, one for each of its steps, and its own `tokens` where the text was split by hand.
 */
export const languageModel: Task<'language-model', LanguageModelOptions, 'next', 'steps'> = /* @__PURE__ */ defineTask({
  name: 'language-model',
  package: '@unrolled/task-language-model',
  options,
  answers: 'each-step',
  learns: 'next',
  accepts: 'steps',
  streams: true,
  module: (given, size) => {
    const module = moduleOf(
      {
        name: 'language-model',
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
export function languageModelTask(size: number, options: Partial<LanguageModelOptions> = {}): EquationModule {
  return languageModel.module(parseOptions(languageModel.options, options, 'task "language-model"'), size);
}
