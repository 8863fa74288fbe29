// Long short-term memory.
import {
  type Cell,
  choice,
  constant,
  defineCell,
  defineOptions,
  type EquationModule,
  flag,
  glorotUniform,
  type Initializer,
  number,
  ones,
  orthogonal,
  type ParameterDescription,
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
  /** Initial bias of the input gate; below 0 what comes in is let in slowly (Hochreiter and Schmidhuber 1997, section 5.4). */
  readonly inputBias: number;
  /** Dropout of the hidden state on its way into the gates, one mask per sequence (Gal and Ghahramani 2016, section 4). */
  readonly recurrentDropout: number;
  /** Rate at which units of the hidden state keep their old value in training (Krueger et al. 2017, section 3). */
  readonly zoneout: number;
  /** The same of the cell state. */
  readonly cellZoneout: number;
  /** Whether the products of the gates and the cell state are normalised (Ba, Kiros and Hinton 2016, eq. 20 to 22). */
  readonly layerNorm: boolean;
  /** What `h` and `c` begin as: zeros, or the learned vectors `h0` and `c0`. */
  readonly initial: 'zero' | 'learned';
}

const gates = ['i', 'f', 'g', 'o'] as const;

/**
 * Long short-term memory with a forget gate.
 *
 * Shapes: `x[t]` `[inputs]`; gates `i f o`, candidate `g`, states `h c` `[units]`; `Wx…` `[units, inputs]`, `Wh…`
 * `[units, units]`, `b…` `[units]`; of layer normalisation gains `ax… ah… ac` and the bias `bc` `[units]`; learned first values
 * `h0 c0` `[units]`. The forget gate's bias starts at 1 (Jozefowicz, Zaremba and Sutskever 2015, section 4).
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
    inputBias: /* @__PURE__ */ number(0, 'Initial bias of the input gate'),
    recurrentDropout: /* @__PURE__ */ number(0, 'Dropout of the hidden state in the gates, one mask per sequence', {
      minimum: 0,
      maximum: 0.99,
    }),
    zoneout: /* @__PURE__ */ number(0, 'Rate at which units of the hidden state keep their old value in training', {
      minimum: 0,
      maximum: 0.99,
    }),
    cellZoneout: /* @__PURE__ */ number(0, 'Rate at which units of the cell state keep their old value in training', {
      minimum: 0,
      maximum: 0.99,
    }),
    layerNorm: /* @__PURE__ */ flag(false, 'Layer normalisation of the gates and of the cell state'),
    initial: /* @__PURE__ */ choice('zero', ['zero', 'learned'], 'What the states begin as: zeros or learned vectors'),
  }),
  equations: (options) => `
    ${[...gateLines(options), ...stateLines(options)].join('\n    ')}
  `,
  output: 'h',
  parameters: ({ forgetBias, inputBias, layerNorm, initial }) => ({
    Wxi: glorotUniform(),
    Whi: orthogonal(),
    bi: inputBias === 0 ? zeros() : constant(inputBias),
    Wxf: glorotUniform(),
    Whf: orthogonal(),
    bf: constant(forgetBias),
    Wxg: glorotUniform(),
    Whg: orthogonal(),
    bg: zeros(),
    Wxo: glorotUniform(),
    Who: orthogonal(),
    bo: zeros(),
    ...(layerNorm && normalised()),
    ...(initial === 'learned' && { h0: zeros(), c0: zeros() }),
  }),
  initial: ({ initial }) => (initial === 'learned' ? { h: initial, c: initial } : {}),
});

/** Gains, and shapes: where the products of all gates are joined, their sizes no longer follow from use. */
function normalised(): Readonly<Record<string, ParameterDescription | Initializer>> {
  const ofGates = gates.flatMap((gate): [string, ParameterDescription | Initializer][] => [
    [`Wx${gate}`, { shape: ['units', 'inputs'], init: glorotUniform() }],
    [`Wh${gate}`, { shape: ['units', 'units'], init: orthogonal() }],
    [`ax${gate}`, ones()],
    [`ah${gate}`, ones()],
  ]);
  return { ...Object.fromEntries(ofGates), ac: ones(), bc: zeros() };
}

/** The gates and the candidate; normalised, the products of all four are one vector, as in the paper. */
function gateLines({ recurrentDropout, layerNorm }: LstmOptions): readonly string[] {
  const before = recurrentDropout > 0 ? 'r[t]' : 'h[t-1]';
  const dropped = recurrentDropout > 0 ? ['r[t] = dropoutSequence(h[t-1], recurrentDropout)'] : [];
  const squash = (gate: string) => (gate === 'g' ? 'tanh' : 'σ');
  if (!layerNorm)
    return [
      ...dropped,
      ...gates.map((gate) => `${gate}[t] = ${squash(gate)}(Wx${gate} @ x[t] + Wh${gate} @ ${before} + b${gate})`),
    ];
  const joined = (from: 'x' | 'h', value: string) => gates.map((gate) => `W${from}${gate} @ ${value}`).join('; ');
  return [
    ...dropped,
    `nx[t] = layerNorm([${joined('x', 'x[t]')}])`,
    `nh[t] = layerNorm([${joined('h', before)}])`,
    ...gates.map((gate, place) => {
      const part = `[${place} * units:${place + 1} * units]`;
      return `${gate}[t] = ${squash(gate)}(ax${gate} ⊙ nx[t]${part} + ah${gate} ⊙ nh[t]${part} + b${gate})`;
    }),
  ];
}

/** The cell state and the hidden state; what is zoned out of the cell state is still seen by the output, as in the paper. */
function stateLines({ zoneout, cellZoneout, layerNorm }: LstmOptions): readonly string[] {
  const fresh = cellZoneout > 0 ? 'k[t]' : 'c[t]';
  const shown = layerNorm ? `ac ⊙ layerNorm(${fresh}) + bc` : fresh;
  const output = `o[t] ⊙ tanh(${shown})`;
  return [
    `${fresh} = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]`,
    ...(cellZoneout > 0 ? ['c[t] = zoneout(k[t], c[t-1], cellZoneout)'] : []),
    `h[t] = ${zoneout > 0 ? `zoneout(${output}, h[t-1], zoneout)` : output}`,
  ];
}

/**
 * The cell's equation module, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function lstmCell(options: Partial<LstmOptions> = {}): EquationModule {
  return lstm.module(parseOptions(lstm.options, options, 'cell "lstm"'));
}
