// A layer that sees each step alone: what a recurrent layer is when it remembers nothing.
import { type Cell, defineCell, defineOptions, heUniform, size, zeros } from '@unrolled/core';

/** Options of the dense layer. */
export interface DenseOptions {
  /** Size of its output. */
  readonly units: number;
}

/** h[t] = relu(Wxh x[t] + bh), with `x[t]` `[inputs]` and `h[t]` `[units]`. Source: Nair and Hinton 2010, with He et al.'s first weights. */
export const dense: Cell<'dense', DenseOptions, 'steps'> = /* @__PURE__ */ defineCell({
  name: 'dense',
  package: '@unrolled/examples',
  source: 'Nair and Hinton 2010, Rectified linear units improve restricted Boltzmann machines',
  options: /* @__PURE__ */ defineOptions<DenseOptions>({
    units: /* @__PURE__ */ size(64, 'Size of its output'),
  }),
  equations: 'h[t] = relu(Wxh @ x[t] + bh)',
  output: 'h',
  parameters: {
    Wxh: { shape: ['units', 'inputs'], init: /* @__PURE__ */ heUniform() },
    bh: /* @__PURE__ */ zeros(),
  },
});
