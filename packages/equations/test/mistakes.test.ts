// Every mistake in names, indices, shapes and constants that the passes after the parser find, with its whole message.
import type { NetworkDescription } from '@unrolled/core';
import { UnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import { buildNetwork, buildUpdate, EquationError } from '../src/index.ts';
import { type Extras, moduleOf, networkOf } from './networks.ts';

/** Equations of a cell with input x `[2]` and 3 units, in which something is wrong. */
type Mistake = readonly [title: string, equations: string, extras?: Extras];

const W = { W: undefined };
const units = { sizes: { units: 3 } };

const ofCells: readonly Mistake[] = [
  [
    'an unknown name, near a known one',
    'z[t] = W @ x[t] + bh\nh[t] = tanh(z[t]) + h[t-1]',
    { parameters: { ...W, bx: undefined } },
  ],
  ['an unknown name, near none', 'h[t] = tanh(h[t-1] + banana)'],
  ['a name assigned twice', 'h[t] = tanh(h[t-1])\nh[t] = 2 * h[t-1]'],
  ['an input assigned', 'x[t] = 1\nh[t] = h[t-1]'],
  ['a parameter assigned', 'W = 1\nh[t] = h[t-1]', { parameters: W }],
  ['an option assigned', 'leak = 1\nh[t] = leak * h[t-1]', { constants: { leak: 0.5 } }],
  ['a size assigned', 'units = 1\nh[t] = h[t-1]'],
  ['the step number assigned', 't = 1\nh[t] = h[t-1]'],
  ['the step before of an input', 'h[t] = tanh(W @ x[t-1] + h[t-1])', { parameters: W }],
  ['the step before of a parameter', 'h[t] = tanh(W[t-1] @ x[t] + h[t-1])', { parameters: W }],
  ['the step before of an option', 'h[t] = leak[t-1] * h[t-1]', { constants: { leak: 0.5 } }],
  ['the step before of a value without steps', 'p = mean_s(x[s])\nh[t] = h[t-1] + sum(p[t-1])'],
  ['the step before of a pair', 'e[t,s] = x[t] · x[s]\nh[t] = h[t-1] + sum_s(e[t-1,s])'],
  ['the step before by another index', 'h[t] = tanh(h[t-1])\ny[t] = sum_s(h[s-1]) + x[t]', { output: 'h' }],
  ['a value before its line', 'h[t] = tanh(z[t] + h[t-1])\nz[t] = W @ x[t]', { parameters: W }],
  ['a line that reads itself', 'h[t] = tanh(h[t])'],
  ['an index missing', 'z[t] = W @ x[t]\nh[t] = tanh(z + h[t-1])', { parameters: W }],
  ['an index too many', 'p = mean_s(x[s])\nh[t] = h[t-1] + sum(p[t])'],
  ['indices swapped', 'e[t,s] = x[t] · x[s]\nh[t] = h[t-1] + sum_s(e[s,t])'],
  ['the same index twice when reading', 'e[t,s] = x[t] · x[s]\nh[t] = h[t-1] + e[t,t]'],
  ['the same index twice when assigning', 'e[t,t] = x[t] · x[t]\nh[t] = h[t-1]'],
  ['three indices', 'e[t,s] = x[t] · x[s] + sum_r(x[r] · x[s])\nh[t] = h[t-1]'],
  ['an index of a parameter', 'h[t] = tanh(W[t] @ x[t] + h[t-1])', { parameters: W }],
  ['an index of an option', 'h[t] = leak[t] * h[t-1]', { constants: { leak: 0.5 } }],
  ['an input without its index', 'h[t] = tanh(W @ x + h[t-1])', { parameters: W }],
  ['an input with an index too many', 'h[t] = h[t-1] + sum_s(x[t] · x[t,s])'],
  ['an index that the left-hand side lacks', 'z = x[t]\nh[t] = h[t-1]'],
  ['a step that the left-hand side lacks', 'z = tanh(h[t-1])\nh[t] = z + h[t-1]'],
  [
    'a step that the left-hand side lacks, after the state’s own line',
    'h[t] = tanh(h[t-1])\nz = sum(h[t-1])\nc[t] = c[t-1] + z',
    { shapes: { c: [] } },
  ],
  ['an index of the left-hand side that is not the step’s', 'z[s] = x[s] * t\nh[t] = h[t-1]'],
  ['all steps of a state, inside its recurrence', 'h[t] = tanh(h[t-1] + sum_s(c[s]))\nc[t] = h[t-1]'],
  [
    'all steps of what depends on a state, inside its recurrence',
    'z[t] = tanh(h[t-1])\na[t] = sum_s(z[s])\nh[t] = a[t]',
  ],
  [
    'a pool of what depends on a state, inside its recurrence',
    'z[t] = tanh(h[t-1])\np = mean_s(z[s])\nh[t] = p + h[t-1]',
  ],
  ['a parameter that is not used', 'h[t] = tanh(h[t-1])', { parameters: { ...W, Whh: undefined } }],
  ['a parameter named as an input', 'h[t] = tanh(h[t-1] + W @ x[t])', { parameters: { ...W, x: undefined } }],
  ['a parameter named as an option', 'h[t] = leak * h[t-1]', { parameters: { leak: [] }, constants: { leak: 0.5 } }],
  ['a parameter named as the step number', 'h[t] = t * h[t-1]', { parameters: { t: [] } }],
  ['no line for the output', 'hh[t] = tanh(hh[t-1])'],
  ['a first value of what is not a state', 'h[t] = tanh(h[t-1])', { initial: { hh: 'learned' } }],
  ['a shape of what no line assigns', 'h[t] = tanh(h[t-1])', { shapes: { cc: [2] } }],
  ['elementwise operands of different shapes', 'h[t] = tanh(x[t] + h[t-1])'],
  ['a call with operands of different shapes', 'h[t] = max(h[t-1], x[t])'],
  ['a choice between different shapes', 'h[t] = where(h[t-1] > 0, x[t], h[t-1])'],
  ['a product that does not fit', 'h[t] = U @ x[t] + U @ h[t-1]', { parameters: { U: ['units', 'units'] } }],
  ['a product of a vector', 'h[t] = (v @ h[t-1]) * h[t-1]', { parameters: { v: ['units'] } }],
  ['a dot product that does not fit', 'h[t] = (x[t] · h[t-1]) * h[t-1]'],
  ['a right-hand side of another shape', 'h[t] = tanh(W @ x[t]) + sum(h[t-1])', { parameters: { W: [2, 2] } }],
  ['a scalar for a vector', 'h[t] = sum(h[t-1])'],
  ['a declared size that is unknown', 'h[t] = tanh(W @ h[t-1])', { parameters: { W: ['units', 'unit'] } }],
  ['a declared size that is not whole', 'h[t] = tanh(W @ h[t-1])', { parameters: { W: ['units', 2.5] } }],
  ['a slice of a scalar', 'h[t] = h[t-1] + sum(sum(x[t])[0:1])'],
  ['a slice beyond the end', 'h[t] = x[t][0:3] + h[t-1]'],
  ['a slice of nothing', 'h[t] = h[t-1] + sum(x[t][1:1])'],
  ['a slice up to a computed bound', 'h[t] = x[t][0:t] + h[t-1]'],
  ['a join with a matrix', 'h[t] = [W; x[t]] + h[t-1]', { parameters: { W: [2, 2] } }],
  ['a sum of a scalar', 'h[t] = h[t-1] * sum(sum(x[t]))'],
  ['a softmax of a matrix', 'h[t] = softmax(W) @ h[t-1]', { parameters: { W: ['units', 'units'] } }],
  ['a parameter whose shape nothing settles', 'h[t] = h[t-1] * sum(v)', { parameters: { v: undefined } }],
  ['a matrix of which nothing settles a size', 'h[t] = h[t-1] * sum(W @ x[t])', { parameters: W }],
  ['a state whose shape nothing settles', 'h[t] = 2 * h[t-1]', { sizes: {} }],
  [
    'a listed first value of another shape',
    'h[t] = tanh(h[t-1])',
    { parameters: { h0: [2] }, initial: { h: 'learned' } },
  ],
  ['a transposed matrix by itself', 'h[t] = h[t-1] + sum((Wᵀ * 2) @ x[t])', { parameters: { W: [2, 2] } }],
  ['a rate that is computed', 'h[t] = dropout(h[t-1], sum(x[t]))'],
  ['a rate of 1', 'h[t] = dropoutSequence(h[t-1], 1)'],
  ['a rate below 0', 'h[t] = zoneout(h[t-1], h[t-1], -0.1)'],
  ['an output without steps', 'h[t] = tanh(h[t-1])\np = mean_s(h[s])', { output: 'p' }],
  [
    'an output for each pair',
    'e[t,s] = W @ (x[t] * x[s])\nh[t] = tanh(h[t-1])',
    { parameters: { W: [3, 2] }, output: 'e' },
  ],
  ['an output that is a scalar', 'h[t] = tanh(h[t-1])\nk[t] = sum(h[t])', { output: 'k' }],
  ['an output that is a matrix', 'A[t] = 0.5 * A[t-1]', { shapes: { A: [2, 2] }, output: 'A' }],
];

const cell = moduleOf('cell', 'h[t] = tanh(W @ x[t] + h[t-1])', 'h', { ...units, parameters: W });
const loss = (equations: string, extras: Extras = {}): Partial<NetworkDescription> => ({
  loss: moduleOf('loss', equations, 'loss', extras),
});

const ofNetworks: readonly (readonly [title: string, parts: Partial<NetworkDescription>])[] = [
  ['a loss that is a vector', loss('loss = (y - target)^2')],
  ['a loss with a parameter', loss('loss = k * sum((y - target)^2)', { parameters: { k: [] } })],
  ['a loss with steps', loss('loss[t] = sum((y[t] - target[t])^2)')],
  ['a loss with the step number', loss('loss = sum((y - target)^2) / t')],
  ['a target at each step, one answer', { target: { kind: 'values', size: 3, per: 'step' } }],
  ['one target, an answer at each step', { output: moduleOf('steps', 'y[t] = h[t]', 'y') }],
  ['an answer that is a scalar', { output: moduleOf('sums', 'y = sum(mean_s(h[s]))', 'y') }],
  ['a target of another size', { target: { kind: 'values', size: 2, per: 'sequence' } }],
  ['another language', { language: 2 as 1 }],
];

const ofOptimizers: readonly Mistake[] = [
  ['an optimizer with a parameter', 'w[t] = w[t-1] - k * g[t]', { parameters: { k: [] } }],
  ['an optimizer that is not elementwise', 'w[t] = w[t-1] - rate * g[t] / sqrt(sum(g[t] * g[t]))'],
  ['an optimizer that gives one number for all', 'w[t] = rate'],
  [
    'an optimizer whose state is one number',
    'k[t] = k[t-1] + 1\nw[t] = w[t-1] - rate * g[t] / k[t]',
    { shapes: { k: [] } },
  ],
  ['an optimizer with random masks', 'w[t] = w[t-1] - rate * dropout(g[t], 0.5)'],
];

/** The equations as they were given, and what is said about them. */
function report(title: string, equations: string, act: () => unknown): string {
  return `## ${title}\n\n${equations}\n\n${messageOf(act)}\n`;
}

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof UnrolledError)) throw error;
    if (error instanceof EquationError) expect(error.span.end).toBeGreaterThanOrEqual(error.span.start);
    return `${error.code}\n${error.message}`;
  }
  return 'no mistake';
}

test('messages', async () => {
  const reports = [
    ...ofCells.map(([title, equations, extras = {}]) =>
      report(title, equations, () =>
        buildNetwork(networkOf(moduleOf('cell', equations, 'h', { ...units, ...extras }))),
      ),
    ),
    ...ofNetworks.map(([title, parts]) =>
      report(title, parts.loss?.equations ?? parts.output?.equations ?? '', () => buildNetwork(networkOf(cell, parts))),
    ),
    ...ofOptimizers.map(([title, equations, extras]) =>
      report(title, equations, () => buildUpdate(moduleOf('optimizer', equations, 'w', extras), 4)),
    ),
  ];
  expect(reports.filter((each) => each.includes('no mistake'))).toEqual([]);
  await expect(`${reports.join('\n')}`).toMatchFileSnapshot('mistakes.txt');
});
