// A golden's network as the `NetworkDescription` that a backend compiles.
import { lstmCell } from '@unrolled/cell-lstm';
import { vanillaCell } from '@unrolled/cell-vanilla';
import { type EquationModule, type NetworkDescription, zeros } from '@unrolled/core';
import { binaryCrossEntropy, categoricalCrossEntropy, squaredError } from '@unrolled/losses';
import { manyToOne } from '@unrolled/task-many-to-one';
import type { GoldenNetwork } from './network.ts';

const losses = {
  'categorical-cross-entropy': categoricalCrossEntropy,
  'binary-cross-entropy': binaryCrossEntropy,
  'squared-error': squaredError,
};

const bare = { sizes: {}, constants: {}, shapes: {}, initial: {} };

/** Describes a golden's network; its optimizer, where a test needs one, is the caller's to add. */
export function describeNetwork(network: GoldenNetwork): NetworkDescription {
  const { input, layers, head, size = 1, loss } = network;
  const embedding = input.kind === 'ids' && input.embedding !== undefined ? lookUp(input.embedding) : undefined;
  return {
    language: 1,
    input: { ...input, ...(embedding && { module: embedding }) },
    layers: layers.map(({ cell, units, direction, options = {} }) => ({
      module: cell === 'lstm' ? lstmCell({ units, ...options }) : vanillaCell({ units, ...options }),
      direction,
      dropout: {},
    })),
    output: outputOf(head, size),
    ...(loss && { loss: losses[loss].module({}) }),
    target: {
      kind: loss === 'categorical-cross-entropy' ? 'class' : 'values',
      size,
      per: head === 'steps' || head === 'hidden' ? 'step' : 'sequence',
    },
  };
}

/** A table of embeddings. */
export function lookUp(size: number): EquationModule {
  return {
    ...bare,
    name: 'embedding',
    equations: 'e[t] = Eᵀ @ x[t]',
    parameters: { E: { shape: ['vocabulary', size], init: { init: 'zeros' } } },
    output: 'e',
  };
}

function outputOf(head: GoldenNetwork['head'], size: number): EquationModule {
  if (head === 'hidden') return { ...bare, name: 'hidden', equations: 'y[t] = h[t]', parameters: {}, output: 'y' };
  if (head !== 'steps') return manyToOne.module({ pool: head, dropout: 0, hidden: 0 }, size);
  return {
    ...bare,
    name: 'steps',
    equations: 'y[t] = Why @ h[t] + by',
    parameters: { Why: { shape: [size, 'hidden'], init: zeros() }, by: { init: zeros() } },
    output: 'y',
  };
}
