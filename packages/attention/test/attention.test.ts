// What is the attentions' own: the weights and the vector that each makes, against sums by hand in float64.
import { referenceBackend } from '@unrolled/backend-reference';
import { type EquationModule, isUnrolledError, type Tensors } from '@unrolled/core';
import { describe, expect, it, test } from 'vitest';
import { additive, additiveAttention, multiplicative, multiplicativeAttention } from '../src/index.ts';

const identity: EquationModule = {
  name: 'identity',
  equations: 'y[t] = h[t]',
  parameters: {},
  sizes: {},
  constants: {},
  shapes: {},
  initial: {},
  output: 'y',
};
const UNITS = 4;
/** Hidden states of the decoder, and the memory: two sequences, of which the second is shorter on both sides. */
const states = [
  [
    [0.3, -0.8],
    [1.2, 0.1],
    [-0.5, 0.9],
  ],
  [[0.7, 0.2]],
];
const memories = [
  [
    [0.1, 0.5, -0.4],
    [-1, 0.3, 0.8],
    [0.6, -0.7, 0.2],
  ],
  [
    [0.9, -0.2, 0.4],
    [0.3, 0.3, -0.6],
  ],
];

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);

async function run(attention: EquationModule) {
  const network = await referenceBackend()(
    {
      language: 1,
      input: { kind: 'vectors', size: 2 },
      source: { kind: 'encoder', input: { kind: 'vectors', size: 3 }, layers: [] },
      layers: [],
      attention,
      output: identity,
      target: { kind: 'values', size: UNITS, per: 'step' },
    },
    {},
  );
  const drawn: Tensors = Object.fromEntries(
    network.parameters.map(({ name, shape }, index) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return [name, { shape, data: Float64Array.from({ length: count }, (_, k) => Math.sin(1 + 7 * index + 3 * k)) }];
    }),
  );
  await network.write({ parameters: drawn });
  const padded = (rows: readonly number[][][], size: number) =>
    Float64Array.from({ length: 3 * 2 * size }, (_, at) => {
      const [step, row, k] = [Math.floor(at / (2 * size)), Math.floor(at / size) % 2, at % size];
      return rows[row]?.[step]?.[k] ?? 99;
    });
  const batch = {
    size: 2,
    time: 3,
    inputs: { x: padded(states, 2), source: padded(memories, 3) },
    lengths: Int32Array.of(3, 2),
    sourceLengths: Int32Array.of(3, 2),
    exampleIndex: Int32Array.of(0, 1),
    start: Int32Array.of(0, 0),
  };
  const traced = await network.trace(batch, network.initialState(2), ['attention.a', 'attention.o']);
  const matrix = (name: string): number[][] => {
    const { shape, data } = drawn[`attention.${name}`] as Tensors[string];
    const width = shape[1] ?? 1;
    return Array.from({ length: shape[0] as number }, (_, row) =>
      Array.from(data.slice(row * width, (row + 1) * width)),
    );
  };
  return { traced, matrix };
}

/** Checks weights and vectors at the true steps. @param score - of a hidden state and a step of the memory. */
async function expectByHand(
  attention: EquationModule,
  scoring: (matrix: (name: string) => number[][]) => (h: number[], m: number[]) => number,
) {
  const { traced, matrix } = await run(attention);
  const score = scoring(matrix);
  const [Wc, bc] = [matrix('Wc'), matrix('bc').flat()];
  states.forEach((sequence, row) => {
    sequence.forEach((h, t) => {
      const memory = memories[row] as number[][];
      const scores = memory.map((m) => Math.exp(score(h, m)));
      const total = scores.reduce((sum, value) => sum + value, 0);
      const weights = scores.map((value) => value / total);
      for (let s = 0; s < 3; s += 1)
        expect(traced['attention.a']?.data[(t * 3 + s) * 2 + row]).toBeCloseTo(weights[s] ?? 0, 12);
      const context = [0, 1, 2].map((k) =>
        dot(
          weights,
          memory.map((m) => m[k] as number),
        ),
      );
      for (const [unit, w] of Wc.entries()) {
        const expected = Math.tanh(dot(w, [...context, ...h]) + (bc[unit] as number));
        expect(traced['attention.o']?.data[(t * 2 + row) * UNITS + unit]).toBeCloseTo(expected, 12);
      }
    });
  });
}

describe('the weights and the vector at each step', () => {
  it('are those of Bahdanau et al., equation 6, for additive attention', () =>
    expectByHand(additiveAttention({ units: UNITS }), (matrix) => {
      const [Wk, Wq, v] = [matrix('Wk'), matrix('Wq'), matrix('v').flat()];
      return (h, m) =>
        dot(
          v,
          Wk.map((w, unit) => Math.tanh(dot(w, m) + dot(Wq[unit] as number[], h))),
        );
    }));

  it('are those of Luong et al., equation 8, for multiplicative attention', () =>
    expectByHand(multiplicativeAttention({ units: UNITS }), (matrix) => {
      const Wa = matrix('Wa');
      return (h, m) =>
        dot(
          m,
          Wa.map((w) => dot(w, h)),
        );
    }));
});

test('alone they are the modules of the plug-ins, with defaults filled in', () => {
  expect(additiveAttention()).toEqual(additive.module({ units: 128 }));
  expect(multiplicativeAttention()).toEqual(multiplicative.module({ units: 128 }));
});

test('wrong options are refused, naming the attention', () => {
  for (const [name, make] of [
    ['additive', additiveAttention],
    ['multiplicative', multiplicativeAttention],
  ] as const) {
    let refusal: unknown;
    try {
      make({ units: 0 });
    } catch (error) {
      refusal = error;
    }
    expect(isUnrolledError(refusal, 'OPTION_INVALID')).toBe(true);
    expect((refusal as Error).message).toContain(`attention "${name}": option "units"`);
  }
});
