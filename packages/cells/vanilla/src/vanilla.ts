// The simple recurrent cell.
import {
  type Cell,
  choice,
  defineCell,
  defineOptions,
  type EquationModule,
  flag,
  glorotUniform,
  number,
  ones,
  orthogonal,
  parseOptions,
  size,
  zeros,
} from '@unrolled/core';

/** Options of the vanilla cell. */
export interface VanillaOptions {
  /** Size of the hidden state. */
  readonly units: number;
  /** Dropout of the hidden state on its way into the next, one mask per sequence (Gal and Ghahramani 2016, section 4). */
  readonly recurrentDropout: number;
  /** Rate at which units keep their old value in training (Krueger et al. 2017, section 3). */
  readonly zoneout: number;
  /** Whether the sum of the products is normalised (Ba, Kiros and Hinton 2016, eq. 4). */
  readonly layerNorm: boolean;
  /** What `h` begins as: zeros, or the learned vector `h0`. */
  readonly initial: 'zero' | 'learned';
}

/**
 * The simple recurrent cell: h[t] = tanh(Wxh x[t] + Whh h[t-1] + bh).
 *
 * Shapes: `x[t]` `[inputs]`, `h[t]` `[units]`, `Wxh` `[units, inputs]`, `Whh` `[units, units]`, `bh` `[units]`; the gain `ah` of
 * layer normalisation and the learned first value `h0` `[units]`.
 * Source: Elman (1990), "Finding structure in time", figure 2, with tanh for the logistic function.
 */
export const vanilla: Cell<'vanilla', VanillaOptions, 'steps'> = /* @__PURE__ */ defineCell({
  name: 'vanilla',
  package: '@unrolled/cell-vanilla',
  source: 'Elman 1990, Finding structure in time',
  options: /* @__PURE__ */ defineOptions<VanillaOptions>({
    units: /* @__PURE__ */ size(64, 'Size of the hidden state'),
    recurrentDropout: /* @__PURE__ */ number(0, 'Dropout of the hidden state in the next, one mask per sequence', {
      minimum: 0,
      maximum: 0.99,
    }),
    zoneout: /* @__PURE__ */ number(0, 'Rate at which units of the hidden state keep their old value in training', {
      minimum: 0,
      maximum: 0.99,
    }),
    layerNorm: /* @__PURE__ */ flag(false, 'Layer normalisation of what goes into the hidden state'),
    initial: /* @__PURE__ */ choice('zero', ['zero', 'learned'], 'What the state begins as: zeros or a learned vector'),
  }),
  equations: ({ recurrentDropout, zoneout, layerNorm }) => {
    const before = recurrentDropout > 0 ? 'r[t]' : 'h[t-1]';
    const products = `Wxh @ x[t] + Whh @ ${before}`;
    const lines = [
      ...(recurrentDropout > 0 ? ['r[t] = dropoutSequence(h[t-1], recurrentDropout)'] : []),
      `zh[t] = ${layerNorm ? `ah ⊙ layerNorm(${products})` : products} + bh`,
      `h[t] = ${zoneout > 0 ? 'zoneout(tanh(zh[t]), h[t-1], zoneout)' : 'tanh(zh[t])'}`,
    ];
    return `
    ${lines.join('\n    ')}
  `;
  },
  output: 'h',
  parameters: ({ layerNorm, initial }) => ({
    Wxh: glorotUniform(),
    Whh: orthogonal(),
    bh: zeros(),
    ...(layerNorm && { ah: ones() }),
    ...(initial === 'learned' && { h0: zeros() }),
  }),
  initial: ({ initial }) => (initial === 'learned' ? { h: initial } : {}),
});

/**
 * The cell's equation module, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function vanillaCell(options: Partial<VanillaOptions> = {}): EquationModule {
  return vanilla.module(parseOptions(vanilla.options, options, 'cell "vanilla"'));
}
