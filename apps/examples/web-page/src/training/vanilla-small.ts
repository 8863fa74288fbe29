// A cell of this page's own: vanilla, whose recurrent weights start small, so that its gradient fades.
import { type Cell, defineCell, glorotUniform, heUniform, type UnitsOptions, zeros } from 'unrolled';

/**
 * The vanilla cell with recurrent weights that start uniform in ±1/√units, as PyTorch's do, where the package's start
 * orthogonal. Each step back then shrinks the gradient from the first update on (Pascanu, Mikolov and Bengio 2013, section 2).
 */
export const vanillaSmall: Cell<'vanilla-small', UnitsOptions, 'steps'> = defineCell({
  name: 'vanilla-small',
  source: 'Elman 1990, Finding structure in time',
  equations: `
    zh[t] = Wxh @ x[t] + Whh @ h[t-1] + bh
    h[t] = tanh(zh[t])
  `,
  output: 'h',
  parameters: { Wxh: glorotUniform(), Whh: heUniform(Math.sqrt(1 / 6)), bh: zeros() },
});
