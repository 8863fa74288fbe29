// The next token at every step.
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

/** Options of the language-model task. */
export type LanguageModelOptions = StepOutputOptions;

const name = 'language-model';
const options = /* @__PURE__ */ defineOptions<LanguageModelOptions>(stepOutputFields);

/**
 * The token that comes next, at each step (Mikolov et al. 2010): the output layer makes logits `[batch, time, size]` of each hidden
 * state `h` `[batch, time, hidden]`, one for each token of the vocabulary. A model of it goes on writing with `generate`.
 */
export const languageModel: Task<'language-model', LanguageModelOptions, 'next', 'steps'> = /* @__PURE__ */ defineTask({
  name,
  package: '@unrolled/task-language-model',
  options,
  answers: 'each-step',
  learns: 'next',
  accepts: 'steps',
  streams: true,
  module: (given, size) => stepOutput({ name, options }, given, size),
});

/**
 * The output layer's equation module, for use without a registry.
 * @param size - number of logits.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function languageModelTask(size: number, options: Partial<LanguageModelOptions> = {}): EquationModule {
  return languageModel.module(parseOptions(languageModel.options, options, 'task "language-model"'), size);
}
