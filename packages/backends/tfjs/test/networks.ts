// Networks and batches that the tests train: an embedding, two layers with dropout, a pooled answer.
import { lstmCell } from '@unrolled/cell-lstm';
import { vanillaCell } from '@unrolled/cell-vanilla';
import type { Batch, EquationModule, LayerDescription, NetworkDescription } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
import { manyToOne } from '@unrolled/task-many-to-one';

/** How many ids there are. */
const vocabulary = 7;

const embedding: EquationModule = {
  name: 'embedding',
  equations: 'e[t] = Eᵀ @ x[t]',
  parameters: { E: { shape: ['vocabulary', 3], init: { init: 'uniform', minimum: -0.5, maximum: 0.5 } } },
  sizes: {},
  constants: {},
  shapes: {},
  initial: {},
  output: 'e',
};

/** A vanilla layer under a two-way LSTM over ids; two classes; Adam with clipping. */
export function reviewsNetwork(direction: LayerDescription['direction'] = 'both'): NetworkDescription {
  return {
    language: 1,
    input: { kind: 'ids', vocabulary, module: embedding },
    layers: [
      { module: vanillaCell({ units: 3 }), direction: 'forward', dropout: { input: 0.3 } },
      { module: lstmCell({ units: 2 }), direction, dropout: { output: 0.3 } },
    ],
    output: manyToOne.module({ pool: 'mean', dropout: 0.2, hidden: 0 }, 2),
    loss: categoricalCrossEntropy.module({}),
    target: { kind: 'class', size: 2, per: 'sequence' },
    optimizer: adam.module(adam.options.defaults),
    clip: { norm: 0.5 },
  };
}

/** Sequences of these lengths; another `salt` gives others. */
export function idsBatch(lengths: readonly number[], salt = 0, time = Math.max(0, ...lengths)): Batch {
  const size = lengths.length;
  const terms = lengths.filter((length) => length > 0).length;
  return {
    size,
    time,
    inputs: {
      x: Int32Array.from({ length: time * size }, (_, at) => {
        const [step, row] = [Math.floor(at / size), at % size];
        return (step * step + 3 * row + salt + step) % vocabulary;
      }),
    },
    lengths: Int32Array.from(lengths),
    targets: Int32Array.from(lengths, (_, row) => (row + salt) % 2),
    weights: new Float64Array(size).fill(1 / Math.max(1, terms)),
    exampleIndex: Int32Array.from(lengths, (_, row) => 10 * salt + row),
    start: new Int32Array(size),
  };
}
