// Every part of Language 1 in a network of its own, for backends to be compared on.
import type { EquationModule, NetworkDescription } from '@unrolled/core';
import type { Trial } from './module-checks.ts';
import { CLASSES, lastStep, meanOfSteps, moduleFrom, networkOf } from './networks.ts';

/** A cell whose state is `body`, where `z` is what a simple cell would squash. */
function cell(body: string, parameters: readonly string[] = [], more: Partial<EquationModule> = {}): EquationModule {
  const equations = `z[t] = Wxh @ x[t] + Whh @ h[t-1] + bh\n${body}`;
  const { sizes, shapes, ...others } = more;
  return moduleFrom('cell', equations, 'h', ['Wxh', 'Whh', 'bh', ...parameters], {
    sizes: { units: 3, ...sizes },
    shapes: { z: ['units'], ...shapes },
    ...others,
  });
}

function network(module: EquationModule, parts: Partial<NetworkDescription> = {}): NetworkDescription {
  return networkOf({ layers: [{ module, direction: 'forward', dropout: {} }], ...parts });
}

const functions = ['σ', 'tanh', 'relu', 'softplus', 'sin', 'cos', 'softmax', 'layerNorm', 'silu', 'gelu', 'abs'];

const pools = ['last_s(h[s])', 'mean_s(h[s])', 'max_s(h[s])', 'sum_s(softmax_s(v · h[s]) * h[s])'];

/** A network of the table. */
export interface LanguageTrial extends Trial {
  /** Its gradient is not the slope of its loss, as it stops gradients. */
  readonly stops?: true;
}

/** Networks that together use every part of the language. */
export const languageTable: readonly LanguageTrial[] = [
  ...functions.map((name) => ({ title: name, network: network(cell(`h[t] = ${name}(z[t])`)) })),
  { title: 'exp, log and sqrt', network: network(cell('h[t] = log(1 + exp(z[t])) - sqrt(1 + z[t] * z[t])')) },
  { title: 'powers and quotients', network: network(cell('h[t] = z[t]^3 / (2 + z[t]^2)')) },
  {
    title: 'minima, maxima and where',
    network: network(cell('h[t] = where(z[t] > 0, max(z[t], 0.1), min(z[t], -0.1) * 0.5)')),
  },
  {
    title: 'reductions',
    network: network(cell('h[t] = tanh(z[t]) * (sum(z[t]) + mean(z[t]) + max(z[t]) - min(z[t])) * 0.2')),
  },
  { title: 'products of vectors', network: network(cell('h[t] = tanh(z[t]) * (v · z[t])', ['v'])) },
  { title: 'transposes', network: network(cell('h[t] = tanh(Whhᵀ @ tanh(z[t]))')) },
  { title: 'slices and joins', network: network(cell('a[t] = [z[t][1:3]; z[t][0:1]]\nh[t] = tanh(a[t])')) },
  { title: 'stopped gradients', network: network(cell('h[t] = tanh(z[t]) * stopGradient(σ(z[t]))')), stops: true },
  { title: 'the step number', network: network(cell('h[t] = tanh(z[t]) / (1 + 0.1 * t)')) },
  {
    title: 'constants',
    network: network(cell('h[t] = leak * h[t-1] + (1 - leak) * tanh(z[t])', [], { constants: { leak: 0.3 } })),
  },
  {
    title: 'two states of two sizes',
    network: network(
      cell('c[t] = 0.5 * c[t-1] + tanh(U @ z[t])\nh[t] = tanh(z[t] + V @ c[t])', ['U', 'V'], {
        sizes: { memory: 2 },
        shapes: { c: ['memory'] },
      }),
    ),
  },
  { title: 'elementwise products with a parameter', network: network(cell('h[t] = tanh(z[t] + p * h[t-1])', ['p'])) },
  {
    title: 'a learned initial state',
    network: network(cell('h[t] = tanh(z[t])', [], { initial: { h: 'learned' } })),
  },
  { title: 'dropout', network: network(cell('h[t] = dropout(tanh(z[t]), 0.4)')) },
  { title: 'dropout of a sequence', network: network(cell('h[t] = dropoutSequence(tanh(z[t]), 0.4)')) },
  { title: 'zoneout', network: network(cell('h[t] = zoneout(tanh(z[t]), h[t-1], 0.3)')) },
  ...pools.map((pool) => ({
    title: `pooling by ${pool}`,
    network: networkOf({ output: pooled(pool) }),
  })),
  {
    title: 'two-way layers',
    network: networkOf({
      layers: [{ module: cell('h[t] = tanh(z[t])'), direction: 'both', dropout: { input: 0.3, output: 0.2 } }],
      output: meanOfSteps(CLASSES),
    }),
  },
  {
    title: 'a loss over values',
    network: networkOf({
      output: lastStep(2),
      loss: moduleFrom('squares', 'loss = mean((y - target)^2)', 'loss'),
      target: { kind: 'values', size: 2, per: 'sequence' },
    }),
  },
];

function pooled(pool: string): EquationModule {
  const head = meanOfSteps(CLASSES);
  const needsVector = pool.includes('v ·');
  return {
    ...head,
    equations: `p = ${pool}\ny = Why @ p + by`,
    parameters: { ...head.parameters, ...(needsVector && { v: { init: { init: 'ones' } } }) },
  };
}
