// Cross-entropy of one class among several.
import { defineLoss, type EquationModule, type Loss, moduleOf, parseOptions } from '@unrolled/core';
import { type NoOptions, noOptions } from './options.ts';

/**
 * −log softmax(y)[class], from logits `y` `[size]` and a class (bound as the one-hot vector `target` `[size]`), computed
 * as logSumExp(y) − y · target so that large logits do not overflow.
 * Source: Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108.
 */
export const categoricalCrossEntropy: Loss<'categorical-cross-entropy', NoOptions, 'class'> =
  /* @__PURE__ */ defineLoss({
    name: 'categorical-cross-entropy',
    package: '@unrolled/losses',
    options: noOptions,
    targets: 'class',
    link: 'softmax',
    module: (given) =>
      moduleOf(
        {
          name: 'categorical-cross-entropy',
          options: noOptions,
          equations: 'loss = logSumExp(y) - y · target',
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
export function categoricalCrossEntropyLoss(options: Partial<NoOptions> = {}): EquationModule {
  return categoricalCrossEntropy.module(
    parseOptions(categoricalCrossEntropy.options, options, 'loss "categorical-cross-entropy"'),
  );
}
