// Multiplicative attention.
import {
  type Attention,
  defineAttention,
  type EquationModule,
  glorotUniform,
  moduleOf,
  parseOptions,
  zeros,
} from '@unrolled/core';
import { type AttentionOptions, attentionOptions } from './options.ts';

/**
 * A bilinear form scores each pair of a decoder's hidden state `h[t]` and a step of the memory `m[s]` (Luong et al. 2015, eq. 5,
 * 7 and 8, "general"): `e[t,s] = (Wa h) · m`, weights `a[t,s]` add up to 1 over the input, and what the output layer sees joins
 * their mean `c[t]` with `h[t]`. Cheaper than additive attention, since a score is one product.
 */
export const multiplicative: Attention<'multiplicative', AttentionOptions> = /* @__PURE__ */ defineAttention({
  name: 'multiplicative',
  package: '@unrolled/attention',
  source: 'Luong, Pham and Manning 2015, Effective approaches to attention-based neural machine translation, eq. 5–8',
  options: attentionOptions,
  module: (given) =>
    moduleOf(
      {
        name: 'multiplicative',
        options: attentionOptions,
        equations: `
          q[t] = Wa @ h[t]
          e[t,s] = q[t] · m[s]
          a[t,s] = softmax_s(e[t,s])
          c[t] = sum_s(a[t,s] * m[s])
          o[t] = tanh(Wc @ [c[t]; h[t]] + bc)
        `,
        parameters: {
          Wa: { shape: ['memory', 'hidden'], init: glorotUniform() },
          Wc: glorotUniform(),
          bc: zeros(),
        },
        shapes: { o: ['units'] },
        output: 'o',
      },
      given,
    ),
});

/**
 * Its equation module, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function multiplicativeAttention(options: Partial<AttentionOptions> = {}): EquationModule {
  return multiplicative.module(parseOptions(multiplicative.options, options, 'attention "multiplicative"'));
}
