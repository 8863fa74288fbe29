// Long short-term memory.
import {
  type Cell,
  constant,
  defineCell,
  defineOptions,
  type EquationModule,
  glorotUniform,
  number,
  orthogonal,
  parseOptions,
  size,
  zeros,
} from '@unrolled/core';

/** Options of the LSTM cell. */
export interface LstmOptions {
  /** Size of the hidden state and of the cell state. */
  readonly units: number;
  /** Initial bias of the forget gate. */
  readonly forgetBias: number;
}

/**
 * Long short-term memory with a forget gate.
 *
 * Shapes: `x[t]` `[inputs]`; gates `i f o`, candidate `g`, states `h c` `[units]`; `Wx…` `[units, inputs]`, `Wh…`
 * `[units, units]`, `b…` `[units]`. The forget gate's bias starts at 1 (Jozefowicz, Zaremba and Sutskever 2015, section 4).
 * Source: Hochreiter and Schmidhuber (1997), "Long short-term memory"; Gers, Schmidhuber and Cummins (2000), "Learning
 * to forget", section 3.
 */
export const lstm: Cell<'lstm', LstmOptions, 'steps'> = /* @__PURE__ */ defineCell({
  name: 'lstm',
  package: '@unrolled/cell-lstm',
  source: 'Hochreiter and Schmidhuber 1997; forget gate: Gers, Schmidhuber and Cummins 2000',
  options: /* @__PURE__ */ defineOptions<LstmOptions>({
    units: /* @__PURE__ */ size(64, 'Size of the hidden state and of the cell state'),
    forgetBias: /* @__PURE__ */ number(1, 'Initial bias of the forget gate'),
  }),
  equations: `
    i[t] = σ(Wxi @ x[t] + Whi @ h[t-1] + bi)
    f[t] = σ(Wxf @ x[t] + Whf @ h[t-1] + bf)
    g[t] = tanh(Wxg @ x[t] + Whg @ h[t-1] + bg)
    o[t] = σ(Wxo @ x[t] + Who @ h[t-1] + bo)
    c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
    h[t] = o[t] ⊙ tanh(c[t])
  `,
  output: 'h',
  parameters: ({ forgetBias }) => ({
    Wxi: glorotUniform(),
    Whi: orthogonal(),
    bi: zeros(),
    Wxf: glorotUniform(),
    Whf: orthogonal(),
    bf: constant(forgetBias),
    Wxg: glorotUniform(),
    Whg: orthogonal(),
    bg: zeros(),
    Wxo: glorotUniform(),
    Who: orthogonal(),
    bo: zeros(),
  }),
});

/**
 * The cell's equation module, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function lstmCell(options: Partial<LstmOptions> = {}): EquationModule {
  return lstm.module(parseOptions(lstm.options, options, 'cell "lstm"'));
}
