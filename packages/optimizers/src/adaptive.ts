// Optimizers that scale each weight's step: RMSprop, Adam, AdamW.
import { type EquationModule, number, type Optimizer, parseOptions } from '@unrolled/core';
import { fromEquations, type RateOptions } from './shared.ts';

/** Options of RMSprop. */
export interface RmspropOptions extends RateOptions {
  /** Decay of the mean square. */
  readonly rho: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
}

/**
 * RMSprop: divides by the root of a running mean of squared gradients, in the form of PyTorch (epsilon outside the root).
 * Source: Tieleman and Hinton (2012), lecture 6e.
 */
export const rmsprop: Optimizer<'rmsprop', RmspropOptions> = /* @__PURE__ */ fromEquations({
  name: 'rmsprop',
  learningRate: 0.001,
  options: {
    rho: /* @__PURE__ */ number(0.99, 'Decay of the mean square', { minimum: 0, maximum: 1 }),
    epsilon: /* @__PURE__ */ number(1e-8, 'Added to the root of the mean square', { minimum: 0 }),
  },
  equations: `
    v[t] = rho * v[t-1] + (1 - rho) * g[t]^2
    w[t] = w[t-1] - rate * g[t] / (sqrt(v[t]) + epsilon)
  `,
});

/** Options of Adam. */
export interface AdamOptions extends RateOptions {
  /** Decay of the mean. */
  readonly beta1: number;
  /** Decay of the mean square. */
  readonly beta2: number;
  /** Added to the root of the mean square. */
  readonly epsilon: number;
}

const betas = {
  beta1: /* @__PURE__ */ number(0.9, 'Decay of the mean', { minimum: 0, maximum: 1 }),
  beta2: /* @__PURE__ */ number(0.999, 'Decay of the mean square', { minimum: 0, maximum: 1 }),
  epsilon: /* @__PURE__ */ number(1e-8, 'Added to the root of the mean square', { minimum: 0 }),
};

const moments = `
    m[t] = beta1 * m[t-1] + (1 - beta1) * g[t]
    v[t] = beta2 * v[t-1] + (1 - beta2) * g[t]^2`;
const step = 'rate * (m[t] / (1 - beta1^t)) / (sqrt(v[t] / (1 - beta2^t)) + epsilon)';

/** Adam with bias correction. Source: Kingma and Ba (2015), algorithm 1. */
export const adam: Optimizer<'adam', AdamOptions> = /* @__PURE__ */ fromEquations({
  name: 'adam',
  learningRate: 0.001,
  options: betas,
  equations: `${moments}
    w[t] = w[t-1] - ${step}
  `,
});

/** Options of AdamW. */
export interface AdamwOptions extends AdamOptions {
  /** Share of a weight that decays with each unit of learning rate. */
  readonly weightDecay: number;
}

/** Adam with decoupled weight decay. Source: Loshchilov and Hutter (2019), algorithm 2. */
export const adamw: Optimizer<'adamw', AdamwOptions> = /* @__PURE__ */ fromEquations({
  name: 'adamw',
  learningRate: 0.001,
  options: {
    ...betas,
    weightDecay: /* @__PURE__ */ number(0.01, 'Share of a weight that decays with each unit of learning rate', {
      minimum: 0,
    }),
  },
  equations: `${moments}
    decayed[t] = w[t-1] * (1 - rate * weightDecay)
    w[t] = decayed[t] - ${step}
  `,
});

/**
 * The equation module of rmsprop, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function rmspropOptimizer(options: Partial<RmspropOptions> = {}): EquationModule {
  return rmsprop.module(parseOptions(rmsprop.options, options, 'optimizer "rmsprop"'));
}

/**
 * The equation module of adam, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function adamOptimizer(options: Partial<AdamOptions> = {}): EquationModule {
  return adam.module(parseOptions(adam.options, options, 'optimizer "adam"'));
}

/**
 * The equation module of adamw, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function adamwOptimizer(options: Partial<AdamwOptions> = {}): EquationModule {
  return adamw.module(parseOptions(adamw.options, options, 'optimizer "adamw"'));
}
