// Mean squared error.
import { defineLoss, type EquationModule, type Loss, moduleOf, parseOptions } from '@unrolled/core';
import { type NoOptions, noOptions } from './options.ts';

/** (y − target)², the mean over the values, for `y` and `target` `[size]`. */
export const squaredError: Loss<'squared-error', NoOptions, 'values'> = /* @__PURE__ */ defineLoss({
  name: 'squared-error',
  package: '@unrolled/losses',
  options: noOptions,
  targets: 'values',
  link: 'identity',
  module: (given) =>
    moduleOf(
      {
        name: 'squared-error',
        options: noOptions,
        equations: 'loss = mean((y - target)^2)',
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
export function squaredErrorLoss(options: Partial<NoOptions> = {}): EquationModule {
  return squaredError.module(parseOptions(squaredError.options, options, 'loss "squared-error"'));
}
