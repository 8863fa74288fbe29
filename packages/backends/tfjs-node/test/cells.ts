// Cells and networks that the tests run: what has a fused kernel, under other names and in another order, and what has none.
import type { EquationModule, LayerDescription, NetworkDescription, Tensors } from '@unrolled/core';
import { type Executable, initialise } from '@unrolled/core';

const drawn = { init: 'uniform', minimum: -0.7, maximum: 0.7 } as const;

/** A cell of `units` whose parameters are the words of its text that begin with W, U, V or b. */
export function cell(equations: string, units = 4, more: Partial<EquationModule> = {}): EquationModule {
  const names = new Set(equations.match(/\b([WUV]\w*|b\w+)\b/g));
  const parameters = Object.fromEntries([...names].map((name) => [name, { init: drawn }]));
  const shared = { constants: {}, shapes: {}, initial: {}, output: 'h' };
  return { name: 'cell', equations, parameters, sizes: { units }, ...shared, ...more };
}

const lstmGates = `
  i[t] = σ(Wi @ x[t] + Ui @ h[t-1] + bi)
  f[t] = σ(Wf @ x[t] + Uf @ h[t-1] + bf)
  g[t] = tanh(Wg @ x[t] + Ug @ h[t-1] + bg)`;
const outputGate = 'o[t] = σ(Wo @ x[t] + Uo @ h[t-1] + bo)';

/** Cells that are LSTMs whatever they call their parts. */
export const lstms: Readonly<Record<string, EquationModule>> = {
  'as it is written': cell(`${lstmGates}
    ${outputGate}
    c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
    h[t] = o[t] ⊙ tanh(c[t])`),
  'other names, another order, other brackets': cell(
    `
    keep[t] = σ(bq + (Wq @ x[t] + Uq @ s[t-1]))
    show[t] = σ((Ur @ s[t-1] + br) + Wr @ x[t])
    fresh[t] = tanh(Wn @ x[t] + bn + Un @ s[t-1])
    write[t] = σ(Uw @ s[t-1] + Ww @ x[t] + bw)
    m[t] = fresh[t] ⊙ write[t] + m[t-1] ⊙ keep[t]
    s[t] = tanh(m[t]) ⊙ show[t]`,
    4,
    { output: 's' },
  ),
  'a number for the forget bias, no other': cell(`
    i[t] = σ(Wi @ x[t] + Ui @ h[t-1])
    f[t] = σ(Wf @ x[t] + Uf @ h[t-1] + 1)
    g[t] = tanh(Wg @ x[t] + Ug @ h[t-1])
    o[t] = σ(Wo @ x[t] + Uo @ h[t-1])
    c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
    h[t] = o[t] ⊙ tanh(c[t])`),
  'two biases for each gate': cell(`
    i[t] = σ(Wi @ x[t] + bi + Ui @ h[t-1] + bI)
    f[t] = σ(Wf @ x[t] + bf + Uf @ h[t-1] + bF)
    g[t] = tanh(Wg @ x[t] + bg + Ug @ h[t-1] + bG)
    o[t] = σ(Wo @ x[t] + bo + Uo @ h[t-1] + bO)
    c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
    h[t] = o[t] ⊙ tanh(c[t])`),
};

/** Cells that are nearly LSTMs. */
export const others: Readonly<Record<string, EquationModule>> = {
  peepholes: cell(
    `
    i[t] = σ(Wi @ x[t] + Ui @ h[t-1] + Vi ⊙ c[t-1] + bi)
    f[t] = σ(Wf @ x[t] + Uf @ h[t-1] + bf)
    g[t] = tanh(Wg @ x[t] + Ug @ h[t-1] + bg)
    ${outputGate}
    c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
    h[t] = o[t] ⊙ tanh(c[t])`,
  ),
  'input and forget gate coupled': cell(`
    f[t] = σ(Wf @ x[t] + Uf @ h[t-1] + bf)
    g[t] = tanh(Wg @ x[t] + Ug @ h[t-1] + bg)
    ${outputGate}
    c[t] = f[t] ⊙ c[t-1] + (1 - f[t]) ⊙ g[t]
    h[t] = o[t] ⊙ tanh(c[t])`),
  'no function of the cell state': cell(`${lstmGates}
    ${outputGate}
    c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
    h[t] = o[t] ⊙ c[t]`),
  'the new cell state read by the output gate': cell(`${lstmGates}
    c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
    o[t] = σ(Wo @ x[t] + Uo @ c[t] + bo)
    h[t] = o[t] ⊙ tanh(c[t])`),
  'a gate without the input': cell(`${lstmGates}
    o[t] = σ(Uo @ h[t-1] + bo)
    c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
    h[t] = o[t] ⊙ tanh(c[t])`),
};

const gruGates = `
  r[t] = σ(Wr @ x[t] + Ur @ h[t-1] + br)
  z[t] = σ(Wz @ x[t] + Uz @ h[t-1] + bz)`;

/** GRUs whose reset comes before the product, which have a kernel. */
export const grus: Readonly<Record<string, EquationModule>> = {
  'the update gate keeps': cell(`${gruGates}
    n[t] = tanh(Wn @ x[t] + Un @ (r[t] ⊙ h[t-1]) + bn)
    h[t] = (1 - z[t]) ⊙ n[t] + z[t] ⊙ h[t-1]`),
  'the update gate replaces, under other names': cell(
    `
    new[t] = σ(bu + Uu @ s[t-1] + Wu @ x[t])
    old[t] = σ(Wq @ x[t] + bq + Uq @ s[t-1])
    s[t] = s[t-1] ⊙ (1 - new[t]) + tanh(bn + Un @ (s[t-1] ⊙ old[t]) + Wn @ x[t]) ⊙ new[t]`,
    4,
    { output: 's' },
  ),
};

/** A GRU whose reset comes after the product, which has none. */
export const resetAfter: EquationModule = cell(`${gruGates}
  n[t] = tanh(Wn @ x[t] + bn + r[t] ⊙ (Un @ h[t-1] + bu))
  h[t] = (1 - z[t]) ⊙ n[t] + z[t] ⊙ h[t-1]`);

const answer: EquationModule = {
  name: 'answer',
  equations: 'y[t] = Why @ h[t] + by',
  parameters: { Why: { shape: [2, 'hidden'], init: drawn }, by: { init: drawn } },
  sizes: {},
  constants: {},
  shapes: {},
  initial: {},
  output: 'y',
};

/** Layers of a cell over vectors of `size`, or class numbers below it, with an answer of two at each step. */
export function networkOf(
  module: EquationModule,
  directions: readonly LayerDescription['direction'][] = ['forward'],
  size = 3,
  kind: 'vectors' | 'ids' = 'vectors',
): NetworkDescription {
  return {
    language: 1,
    input: kind === 'vectors' ? { kind, size } : { kind, vocabulary: size },
    layers: directions.map((direction) => ({ module, direction, dropout: {} })),
    output: answer,
    target: { kind: 'values', size: 2, per: 'step' },
  };
}

/** Weights as a pipeline draws them. */
export function drawnWeights({ parameters }: Executable, seed = 3): Tensors {
  return Object.fromEntries(parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, seed) }]));
}
