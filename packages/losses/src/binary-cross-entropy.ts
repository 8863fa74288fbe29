// Cross-entropy of independent yes/no answers.
import { defineLoss, type EquationModule, type Loss, moduleOf, parseOptions } from '@unrolled/core';
import { type NoOptions, noOptions } from './options.ts';

/**
 * −target · log σ(y) − (1 − target) · log(1 − σ(y)), the mean over the answers, from logits `y` `[size]` and `target`
 * `[size]` in [0, 1], computed as softplus(y) − y ⊙ target so that large logits do not overflow.
 * Source: Bishop (2006), Pattern Recognition and Machine Learning, equation 4.90.
 */
export const binaryCrossEntropy: Loss<'binary-cross-entropy', NoOptions, 'binary'> = /* @__PURE__ */ defineLoss({
  name: 'binary-cross-entropy',
  package: '@unrolled/losses',
  options: noOptions,
  targets: 'binary',
  link: 'sigmoid',
  module: (given) =>
    moduleOf(
      {
        name: 'binary-cross-entropy',
        options: noOptions,
        equations: 'loss = mean(softplus(y) - y ⊙ target)',
        parameters: {},
        output: 'loss',
      },
      given,
    ),
});

/**
 * The loss's equation module, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function binaryCrossEntropyLoss(options: Partial<NoOptions> = {}): EquationModule {
  return binaryCrossEntropy.module(parseOptions(binaryCrossEntropy.options, options, 'loss "binary-cross-entropy"'));
}
