// The networks that are measured, as descriptions.
import { lstmCell } from '@unrolled/cell-lstm';
import type { EquationModule, InputDescription, NetworkDescription } from '@unrolled/core';
import { categoricalCrossEntropyLoss } from '@unrolled/losses';
import { adamOptimizer } from '@unrolled/optimizers';
import { manyToOneTask } from '@unrolled/task-many-to-one';

/** Classes of every network here. */
export const classes = 2;

/** Cells over an input, last step pooled, two classes, Adam. */
export function classifier(input: InputDescription, cells: readonly EquationModule[]): NetworkDescription {
  return {
    language: 1,
    input,
    layers: cells.map((module) => ({ module, direction: 'forward', dropout: {} })),
    output: manyToOneTask(classes, { pool: 'last' }),
    loss: categoricalCrossEntropyLoss(),
    target: { kind: 'class', size: classes, per: 'sequence' },
    optimizer: adamOptimizer(),
  };
}

/** Vectors at each step. */
export function vectors(size: number): InputDescription {
  return { kind: 'vectors', size };
}

/** Words at each step: looked up in a table of vectors of `size`, or one-hot where that is left out. */
export function wordsInput(vocabulary: number, size?: number): InputDescription {
  return { kind: 'ids', vocabulary, ...(size !== undefined && { module: embeddingOf(size) }) };
}

function embeddingOf(size: number): EquationModule {
  return {
    name: 'embedding',
    equations: 'e[t] = Eᵀ @ x[t]',
    parameters: { E: { shape: ['vocabulary', size], init: { init: 'uniform', minimum: -0.05, maximum: 0.05 } } },
    sizes: {},
    constants: {},
    shapes: {},
    initial: {},
    output: 'e',
  };
}

/** An LSTM. */
export function lstmOf(units: number): EquationModule {
  return lstmCell({ units });
}

/**
 * A cell that nobody here has written before: gates normalised and with peepholes, a slow average beside the cell state, a
 * softmax gate, bounds. Five products from the inputs and five from the state where the LSTM has four.
 */
export function outsiderOf(units: number): EquationModule {
  const matrix = { init: { init: 'glorot-uniform', gain: 1 } } as const;
  const vector = { init: { init: 'zeros' } } as const;
  const peephole = { init: { init: 'uniform', minimum: -0.1, maximum: 0.1 } } as const;
  return {
    name: 'outsider',
    equations: `
      i[t] = σ(layerNorm(Wxi @ x[t] + Whi @ h[t-1]) + pi ⊙ c[t-1] + bi)
      f[t] = σ(layerNorm(Wxf @ x[t] + Whf @ h[t-1]) + pf ⊙ c[t-1] + bf)
      g[t] = tanh(Wxg @ x[t] + Whg @ h[t-1] + bg)
      a[t] = softmax(Wxa @ x[t] + Wha @ h[t-1] + ba)
      c[t] = max(min(f[t] ⊙ c[t-1] + i[t] ⊙ g[t], bound), -bound)
      s[t] = keep * s[t-1] + (1 - keep) * c[t]
      o[t] = σ(Wxo @ x[t] + Who @ h[t-1] + po ⊙ c[t] + bo)
      h[t] = o[t] ⊙ tanh(c[t]) + a[t] ⊙ s[t]
    `,
    parameters: {
      ...Object.fromEntries(
        [...'ifgao'].flatMap((gate) => [
          [`Wx${gate}`, matrix],
          [`Wh${gate}`, matrix],
          [`b${gate}`, vector],
        ]),
      ),
      pi: peephole,
      pf: peephole,
      po: peephole,
    },
    sizes: { units },
    constants: { bound: 3, keep: 0.9 },
    shapes: {},
    initial: {},
    output: 'h',
  };
}
