// Stochastic gradient descent, plain and with momentum.
import { type EquationModule, flag, number, type Optimizer, parseOptions } from '@unrolled/core';
import { fromEquations, type RateOptions } from './shared.ts';

/** Plain stochastic gradient descent: w ← w − rate · g. */
export const sgd: Optimizer<'sgd', RateOptions> = /* @__PURE__ */ fromEquations({
  name: 'sgd',
  learningRate: 0.01,
  options: {},
  equations: 'w[t] = w[t-1] - rate * g[t]',
});

/** Options of momentum. */
export interface MomentumOptions extends RateOptions {
  /** Share of the last step that goes on. */
  readonly momentum: number;
  /** Look ahead as Nesterov does. */
  readonly nesterov: boolean;
}

/**
 * Gradient descent with momentum, in the form of PyTorch: v ← μ v + g, w ← w − rate · v.
 * Source: Polyak (1964); with `nesterov` Sutskever, Martens, Dahl and Hinton (2013), section 2.
 */
export const momentum: Optimizer<'momentum', MomentumOptions> = /* @__PURE__ */ fromEquations({
  name: 'momentum',
  learningRate: 0.01,
  options: {
    momentum: /* @__PURE__ */ number(0.9, 'Share of the last step that goes on', { minimum: 0, maximum: 1 }),
    nesterov: /* @__PURE__ */ flag(false, 'Look ahead as Nesterov does'),
  },
  equations: ({ nesterov }) => `
    v[t] = momentum * v[t-1] + g[t]
    w[t] = w[t-1] - rate * ${nesterov ? '(g[t] + momentum * v[t])' : 'v[t]'}
  `,
});

/**
 * The equation module of sgd, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function sgdOptimizer(options: Partial<RateOptions> = {}): EquationModule {
  return sgd.module(parseOptions(sgd.options, options, 'optimizer "sgd"'));
}

/**
 * The equation module of momentum, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function momentumOptimizer(options: Partial<MomentumOptions> = {}): EquationModule {
  return momentum.module(parseOptions(momentum.options, options, 'optimizer "momentum"'));
}
