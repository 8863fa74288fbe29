// The simple recurrent cell.
import {
  type Cell,
  defineCell,
  defineOptions,
  type EquationModule,
  glorotUniform,
  orthogonal,
  parseOptions,
  size,
  zeros,
} from '@unrolled/core';

/** Options of the vanilla cell. */
export interface VanillaOptions {
  /** Size of the hidden state. */
  readonly units: number;
}

/**
 * The simple recurrent cell: h[t] = tanh(Wxh x[t] + Whh h[t-1] + bh).
 *
 * Shapes: `x[t]` `[inputs]`, `h[t]` `[units]`, `Wxh` `[units, inputs]`, `Whh` `[units, units]`, `bh` `[units]`.
 * Source: Elman (1990), "Finding structure in time", figure 2, with tanh for the logistic function.
 */
export const vanilla: Cell<'vanilla', VanillaOptions, 'steps'> = /* @__PURE__ */ defineCell({
  name: 'vanilla',
  package: '@unrolled/cell-vanilla',
  source: 'Elman 1990, Finding structure in time',
  options: /* @__PURE__ */ defineOptions<VanillaOptions>({
    units: /* @__PURE__ */ size(64, 'Size of the hidden state'),
  }),
  equations: `
    zh[t] = Wxh @ x[t] + Whh @ h[t-1] + bh
    h[t] = tanh(zh[t])
  `,
  output: 'h',
  parameters: {
    Wxh: /* @__PURE__ */ glorotUniform(),
    Whh: /* @__PURE__ */ orthogonal(),
    bh: /* @__PURE__ */ zeros(),
  },
});

/**
 * The cell's equation module, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function vanillaCell(options: Partial<VanillaOptions> = {}): EquationModule {
  return vanilla.module(parseOptions(vanilla.options, options, 'cell "vanilla"'));
}
