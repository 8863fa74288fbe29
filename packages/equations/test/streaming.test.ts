// Which networks can be computed as a sequence comes in, and what they carry from piece to piece.
import { expect, test } from 'vitest';
import { buildNetwork } from '../src/index.ts';
import { type Extras, moduleOf, networkOf } from './networks.ts';

const plain = moduleOf('cell', 'h[t] = tanh(h[t-1] + sum(x[t]))', 'h', { sizes: { units: 3 } });

const cell = (equations: string, extras: Extras = {}) =>
  buildNetwork(networkOf(moduleOf('cell', equations, 'h', { sizes: { units: 3 }, ...extras })));
const head = (equations: string) => buildNetwork(networkOf(plain, { output: moduleOf('head', equations, 'y') }));
const names = (states: readonly { readonly name: string }[]) => states.map(({ name }) => name).join(' ');

test.each([
  ['y = sum_s(h[s])', 'output.y.sum'],
  ['y = mean_s(h[s])', 'output.y.sum output.y.count'],
  ['y = max_s(h[s])', 'output.y.count output.y.max'],
  ['y = min_s(h[s])', 'output.y.count output.y.max'],
  ['y = last_s(h[s])', 'output.y.last'],
  ['y = sum_s(h[s]) - sum_s(h[s] * h[s])', 'output.y.sum output.y.sum2'],
  ['p = sum_s(h[s])\ny = tanh(p)', 'output.p.sum'],
  ['n = sum_s(1)\ny = sum_s(h[s]) / (1 + n)', 'output.n.sum output.y.sum'],
  ['k[s] = 2 * h[s]\ny = mean_s(k[s])', 'output.y.sum output.y.count'],
])('%s', (equations, carried) => {
  const { streams, states } = head(equations);
  expect(streams).toBe(true);
  expect(names(states)).toBe(`layers.0.h ${carried}`);
});

test.each([
  ['y = sum_s(softmax_s(sum(h[s])) * h[s])', '"y" is a softmax over all steps of the sequence'],
  ['a[s] = softmax_s(sum(h[s]))\ny = sum_s(a[s] * h[s])', '"a" is a softmax over all steps of the sequence'],
  ['d[s,r] = h[s] · h[r]\ny = sum_s(sum_r(d[s,r]) * h[s])', '"d" looks at all steps of the sequence at once'],
  ['k[t] = h[t] + mean_s(h[s])\ny = last_t(k[t])', '"k" looks at all steps of the sequence at once'],
  [
    'p = mean_s(h[s])\nk[s] = h[s] - p\ny = max_s(k[s])',
    '"k" reads "p" at each step, and that is pooled over all steps of the sequence',
  ],
  [
    'p = mean_s(h[s])\nq = 2 * p\nk[s] = h[s] - q\ny = max_s(k[s])',
    '"k" reads "q" at each step, and that is pooled over all steps of the sequence',
  ],
])('%s needs the whole sequence, and carries no pool', (equations, why) => {
  const { streams, states } = head(equations);
  expect(streams).toBe(`The output layer "head" does not stream: ${why}.`);
  expect(names(states)).toBe('layers.0.h');
});

test('layers say which of them does not stream, and the first of them speaks', () => {
  expect(cell('c = mean_s(x[s])\nh[t] = tanh(h[t-1] + sum(c))').streams).toBe(
    'Layer 0 (cell) does not stream: "h" reads "c" at each step, and that is pooled over all steps of the sequence.',
  );
  const layer = (direction: 'forward' | 'backward' | 'both') => ({ module: plain, direction, dropout: {} });
  const streams = (...layers: ReturnType<typeof layer>[]) => buildNetwork({ ...networkOf(plain), layers }).streams;
  expect(streams(layer('forward'), layer('forward'))).toBe(true);
  const backward = 'runs backward, so it needs the end of the sequence first.';
  expect(streams(layer('forward'), layer('backward'))).toBe(`Layer 1 (cell) ${backward}`);
  expect(streams(layer('both'), layer('backward'))).toBe(`Layer 0 (cell) ${backward}`);
  const attending = moduleOf('attending', 'h[t] = x[t] + mean_s(x[s])', 'h', { sizes: { units: 3 } });
  expect(streams(layer('backward'), { ...layer('forward'), module: attending })).toBe(`Layer 0 (cell) ${backward}`);
});

test('the last value of a layer that runs backward is not carried', () => {
  const output = moduleOf('head', 'y = last_s(h[s])', 'y');
  const layers = [{ module: plain, direction: 'backward', dropout: {} }] as const;
  expect(names(buildNetwork({ ...networkOf(plain, { output }), layers }).states)).toBe('layers.0.h');
});
