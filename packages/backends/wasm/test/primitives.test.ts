// Every primitive in every extent (once, for each sequence, each step, each pair of steps) gives what the reference gives.
import { referenceBackend } from '@unrolled/backend-reference';
import type { NetworkDescription } from '@unrolled/core';
import { addGradients, buildNetwork, primitives, type Value } from '@unrolled/equations';
import { relativeError } from '@unrolled/goldens';
import { squaredErrorLoss } from '@unrolled/losses';
import { expect, test } from 'vitest';
import { wasmBackend } from '../src/index.ts';
import { batchOf, layerOf, moduleOf, networkOf, weightsOf } from './trials.ts';

const N = 5;

/** Where the operands come from, and how a value of that extent becomes one for each sequence. */
const extents = {
  once: { index: '', a: 'a = p', b: 'b = q', pooled: 'r' },
  rows: { index: '', a: 'a = p + mean_s(h[s])', b: 'b = q * sum_s(h[s])', pooled: 'r' },
  steps: { index: '[t]', a: 'a[t] = p + h[t]', b: 'b[t] = q * h[t]', pooled: 'mean_s(r[s])' },
  pairs: { index: '[t,s]', a: 'a[t,s] = p + h[t] * h[s]', b: 'b[t,s] = q * h[s] - h[t]', pooled: 'mean_s(pr[s])' },
} as const;
type Extent = keyof typeof extents;

/** Vectors of N from vectors a and b, matrices M and the like; `#` stands for the operands' index. */
const expressions: readonly string[] = [
  ...[
    'exp(a#)',
    'log(2.5 + tanh(a#))',
    'sqrt(2.5 + sin(a#))',
    'abs(a#)',
    'cos(a#)',
    'σ(a#)',
    'softplus(a#)',
    'gelu(a#)',
  ],
  ...['a# + b#', 'a# - b#', 'a# * b#', 'a# / (2.5 + sin(b#))', 'max(a#, b#)', 'min(a#, b#)'],
  ...[
    'where(a# > b#, a# * b#, sin(a#))',
    'M @ a#',
    'Mᵀ @ a#',
    'b# * sum(a#)',
    'b# * (a# · b#)',
    'b# * max(a#)',
    'a# * min(b#)',
  ],
  ...[
    '[b#[3:5]; a#[0:3]]',
    '[a#[4:5]; b#[0:2]; sum(a#); 0.5]',
    'softmax(a#)',
    'layerNorm(a#)',
    'stopGradient(a#) * b#',
  ],
  ...[
    'dropout(a#, 0.4)',
    'zoneout(a#, b#, 0.3)',
    'a# * (1.5 + sin(b#))^1.7',
    'K[0:5] * a#',
    '((p · a#) * M) @ b#',
    '((p · a#) * M)ᵀ @ b#',
  ],
];

/** Others that have an extent of their own. */
const others: Readonly<Record<string, string>> = {
  'the largest of all steps': 'y = max_s(h[s]) * p',
  'the smallest of all steps, of pairs': 'e[t,s] = h[t] * h[s] - p\nm[t] = min_s(e[t,s])\ny = mean_s(m[s])',
  'the largest of all second steps': 'e[t,s] = h[t] * h[s] - p\nm[t] = max_s(e[t,s])\ny = max_s(m[s])',
  'a weighted sum over the second index':
    'e[t,s] = h[t] · (M @ h[s])\na[t,s] = softmax_s(e[t,s])\nm[t] = sum_s(a[t,s] * h[s])\ny = last_s(m[s])',
  'products of pairs with a matrix': 'e[t,s] = tanh(M @ (h[t] * h[s]))\nm[t] = mean_s(e[t,s])\ny = sum_s(m[s])',
  'masks of a sequence': 'y = dropoutSequence(mean_s(h[s]), 0.5) * p',
  'a loop': 'r[t] = 0.5 * r[t-1] + tanh(M @ r[t-1] + h[t])\ny = last_s(r[s])',
  'the number of the step': 'r[t] = h[t] / (1 + 0.1 * t)\ny = sum_s(r[s])',
};

function described(equations: string, ids: boolean): NetworkDescription {
  const declared = { p: [N], q: [N], M: [N, N], K: [7] };
  const used = Object.fromEntries(
    Object.entries(declared).filter(([name]) => new RegExp(`\\b${name}\\b`).test(equations)),
  );
  const shapes = /r\[t-1\]/.test(equations) ? { shapes: { r: [N] } } : {};
  const cell = moduleOf(
    'h[t] = tanh(W @ x[t] + U @ h[t-1])',
    'h',
    { W: undefined, U: undefined },
    { sizes: { units: N } },
  );
  return networkOf({
    input: ids ? { kind: 'ids', vocabulary: 9 } : { kind: 'vectors', size: 3 },
    layers: [layerOf(cell)],
    output: moduleOf(equations, 'y', used, shapes),
    loss: squaredErrorLoss(),
    target: { kind: 'values', size: N, per: 'sequence' },
  });
}

function equationsOf(expression: string, extent: Extent): string {
  const { index, a, b, pooled } = extents[extent];
  const lines = [a, b, `r${index} = ${expression.replaceAll('#', index)}`];
  if (extent === 'pairs') lines.push('pr[t] = sum_s(r[t,s]) * 0.3');
  return [...lines, `y = ${pooled}`].join('\n');
}

/** What needs an input or a loss of its own. */
const special: readonly (readonly [string, NetworkDescription])[] = [
  [
    'lookups in tables that belong to steps and to pairs of steps',
    networkOf({
      input: { kind: 'ids', vocabulary: 9 },
      layers: [
        layerOf(
          moduleOf(
            `e[t,s] = tanh((Z @ x[t]) * (Z @ x[s])) · x[s] + (Z @ x[t]) · x[s]
             h[t] = tanh(sum_s(e[t,s]) * p + U @ h[t-1])`,
            'h',
            { Z: [9, 9], p: undefined, U: undefined },
            { sizes: { units: N } },
          ),
        ),
      ],
    }),
  ],
  [
    'a class at each step',
    networkOf({
      output: moduleOf('y[t] = V @ h[t]', 'y', { V: ['size', 'hidden'] }, { sizes: { size: 3 } }),
      target: { kind: 'class', size: 3, per: 'step' },
    }),
  ],
];

const cases = [
  ...special,
  ...expressions.flatMap((expression) =>
    (Object.keys(extents) as Extent[]).map(
      (extent) =>
        [`${expression.replaceAll('#', '')}, ${extent}`, described(equationsOf(expression, extent), false)] as const,
    ),
  ),
  ...Object.entries(others).flatMap(([title, equations]) =>
    [false, true].map((ids) => [`${title}, of ${ids ? 'ids' : 'vectors'}`, described(equations, ids)] as const),
  ),
];

test.each(cases)('%s', async (_, network) => {
  const [ours, reference] = [await wasmBackend()(network, { threads: 1 }), await referenceBackend()(network, {})];
  const parameters = weightsOf(ours);
  const batch = batchOf(network, [4, 0, 1, 3, 6], { time: 7 });
  const results = await Promise.all(
    [ours, reference].map(async (executable) => {
      await executable.write({ parameters });
      const key = { seed: 4, update: 2 };
      const { output, loss, ...gradients } = await executable.gradients(batch, executable.initialState(5), { key });
      executable.dispose();
      const named = { ...gradients.parameters, ...gradients.inputs, ...gradients.initialState };
      return { output, loss: { data: [loss] }, ...named };
    }),
  );
  const [found, expected] = results as [(typeof results)[number], (typeof results)[number]];
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, { data }] of Object.entries(expected)) {
    const { data: own } = found[name as keyof typeof found] as { data: ArrayLike<number> };
    expect(relativeError(own, data), name).toBeLessThan(name === 'output' ? 1e-5 : 1e-4);
  }
});

/** A class number and a mask belong to a sequence at least, and a loop is run for each sequence. */
const impossible: readonly string[] = ['gather, once', 'random, once', 'scan, once', 'scan, steps', 'scan, pairs'];

test('every primitive is among them, in every extent that it can have', () => {
  const found = new Set<string>();
  for (const [, network] of cases) {
    const graph = buildNetwork(network);
    addGradients(graph, { output: false, finals: false });
    for (const value of graph.builder.values) if (value.op in primitives) found.add(`${value.op}, ${extentOf(value)}`);
  }
  const all = Object.keys(primitives).flatMap((op) => Object.keys(extents).map((extent) => `${op}, ${extent}`));
  expect(all.filter((each) => !found.has(each))).toEqual(impossible);
});

/** What a value has one of. */
function extentOf({ over, scope }: Value): Extent {
  const steps = over.includes('time') || scope >= 0;
  if (steps && over.includes('time*')) return 'pairs';
  if (steps || over.includes('time*')) return 'steps';
  return over.includes('batch') ? 'rows' : 'once';
}
