// Additive attention.
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
 * A hidden layer scores each pair of a decoder's hidden state `h[t]` and a step of the memory `m[s]` (Bahdanau et al. 2015,
 * eq. 6 and appendix A.1.2, scored after the recurrence as in Luong et al. 2015, section 3.1): `e[t,s] = v · tanh(Wq h + Wk m)`,
 * weights `a[t,s]` add up to 1 over the input, and what the output layer sees joins their mean `c[t]` with `h[t]`.
 */
export const additive: Attention<'additive', AttentionOptions> = /* @__PURE__ */ defineAttention({
  name: 'additive',
  package: '@unrolled/attention',
  source:
    'Bahdanau, Cho and Bengio 2015, Neural machine translation by jointly learning to align and translate, eq. 5–6',
  options: attentionOptions,
  module: (given) =>
    moduleOf(
      {
        name: 'additive',
        options: attentionOptions,
        equations: `
          k[s] = Wk @ m[s]
          q[t] = Wq @ h[t]
          e[t,s] = v · tanh(q[t] + k[s])
          a[t,s] = softmax_s(e[t,s])
          c[t] = sum_s(a[t,s] * m[s])
          o[t] = tanh(Wc @ [c[t]; h[t]] + bc)
        `,
        parameters: {
          Wk: { shape: ['units', 'memory'], init: glorotUniform() },
          Wq: { shape: ['units', 'hidden'], init: glorotUniform() },
          v: { shape: ['units'], init: { init: 'uniform', minimum: -0.1, maximum: 0.1 } },
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
export function additiveAttention(options: Partial<AttentionOptions> = {}): EquationModule {
  return additive.module(parseOptions(additive.options, options, 'attention "additive"'));
}
