// The schedule of networks that nobody here has heard of: the same passes, nothing keyed on a cell.
import type { NetworkDescription } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import type { Item, Node } from '../../src/index.ts';
import { moduleOf, networkOf } from '../networks.ts';
import { piecesOf, type Scheduled, trainingStep, writtenBy } from './calls.ts';

const units = 8;

/** Peepholes, layer normalisation, a softmax over the units, two states. */
const outsider = moduleOf(
  'outsider',
  `n[t] = layerNorm(Wxn @ x[t] + Whn @ h[t-1])
   i[t] = σ(Wxi @ x[t] + Whi @ h[t-1] + pi ⊙ c[t-1] + bi)
   f[t] = σ(Wxf @ x[t] + Whf @ h[t-1] + pf ⊙ c[t-1] + bf)
   c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ tanh(n[t])
   a[t] = softmax(c[t])
   h[t] = a[t] ⊙ max(c[t], n[t])`,
  'h',
  {
    sizes: { units },
    parameters: Object.fromEntries(
      ['Wxn', 'Whn', 'Wxi', 'Whi', 'pi', 'bi', 'Wxf', 'Whf', 'pf', 'bf'].map((name) => [name, undefined]),
    ),
  },
);

/** Attends to all steps of its input before each of its own. */
const attention = moduleOf(
  'attention',
  `e[t,s] = v · tanh(Wq @ q[t-1] + Wk @ x[s])
   a[t,s] = softmax_s(e[t,s])
   m[t] = sum_s(a[t,s] * x[s])
   q[t] = tanh(Wm @ m[t] + Wh @ q[t-1])`,
  'q',
  { sizes: { units: 3 }, parameters: { v: [4], Wq: [4, 3], Wk: [4, 2], Wm: undefined, Wh: undefined } },
);

const last = moduleOf('last', 'p = last_s(h[s])\ny = Why @ p', 'y', { parameters: { Why: [3, units] } });

const networks: Readonly<Record<string, NetworkDescription>> = {
  outsider: networkOf(outsider, { output: last }),
  attention: networkOf(attention),
};

describe.each(Object.entries(networks))('of an %s', (_, network) => {
  const scheduled = trainingStep(network);
  const { schedule } = scheduled;
  const pieces = piecesOf(schedule);

  test('everything is computed once, and after what it reads', () => {
    const computed = pieces.flatMap(({ nodes }) => nodes.filter(({ kind }) => kind !== 'loop'));
    expect(new Set(computed).size).toBe(computed.length);
    const place = new Map(computed.map(({ id }, at) => [id, at] as const));
    for (const node of computed) {
      for (const id of schedule.nodes.reads(node)) {
        const read = schedule.nodes.at(id);
        if (read.kind === 'leaf' || read.kind === 'alias' || read.kind === 'loop') continue;
        expect(place.get(id), `${node.id} reads ${id}`).toBeLessThan(place.get(node.id) as number);
      }
    }
  });

  test('each parameter’s gradient is written where the optimizer finds it, once', () => {
    const homes = pieces.flatMap(({ nodes }) =>
      nodes.flatMap((node) => {
        const home = writtenBy(schedule, node)?.home;
        return home?.in === 'gradient' ? [home.name] : [];
      }),
    );
    expect([...homes, ...schedule.withoutGradient].sort()).toEqual(
      scheduled.network.parameters.map(({ name }) => name).sort(),
    );
  });

  test('whatever lies between elementwise values of one piece stays in a register', () => {
    const fused = pieces.filter(({ nodes: [node] }) => node?.kind === 'map' && schedule.nodes.at(node.id).where >= 0);
    const stored = fused.flatMap(({ nodes }) => nodes).filter((node) => writtenBy(schedule, node));
    expect(stored.length).toBeLessThan(0.7 * fused.flatMap(({ nodes }) => nodes).length);
  });
});

describe('of the outsider’s cell', () => {
  const scheduled = trainingStep(networks.outsider as NetworkDescription);

  test('the three products of the input are one before the loop, and those of the state one in it', () => {
    for (const kind of ['Wx', 'Wh']) {
      const [piece, ...others] = productsWith(scheduled, `layers.0.${kind}`);
      expect(others).toEqual([]);
      expect(piece?.nodes).toHaveLength(3);
      expect(piece?.nodes.every(({ where }) => where < 0)).toBe(kind === 'Wx');
    }
  });

  test('weights of the input, of the state, biases and peepholes are families', () => {
    const { families } = scheduled.schedule;
    const named = families.map(({ names }) => names.map((name) => name.slice(name.lastIndexOf('.') + 1)).join(' '));
    expect(named).toEqual(['Wxn Wxi Wxf', 'Whn Whi Whf', 'pi pf', 'bi bf', 'Why']);
  });

  test('sums over the units are made at the end of the loop over memory that computes what they sum', () => {
    const reducing = piecesOf(scheduled.schedule).filter(({ nodes }) => nodes.some(({ kind }) => kind === 'reduce'));
    expect(reducing.length).toBeGreaterThan(3);
    expect(reducing.some(({ nodes }) => nodes.some(({ kind }) => kind === 'map'))).toBe(true);
  });
});

describe('of the attending decoder', () => {
  const scheduled = trainingStep(networks.attention as NetworkDescription);
  const { schedule, text } = scheduled;

  test('products of the memory with its matrix are made once, before the loop', () => {
    const [piece, ...others] = productsWith(scheduled, 'layers.0.Wk');
    expect(others).toEqual([]);
    const [node] = (piece as Item).nodes as [Node];
    expect([node.where, node.over.length]).toEqual([-1, 2]);
  });

  test('scores belong to pairs of steps, weights over the second index to the step of the loop', () => {
    expect(text).toContain('[t,s]');
    expect(text).toMatch(/ over axes/);
    const softmax = piecesOf(schedule).filter(({ nodes }) =>
      nodes.some(({ value }) => value.op === 'largest' && value.along === 'time*'),
    );
    expect(softmax).toHaveLength(1);
    expect(softmax[0]?.nodes[0]?.where).toBeGreaterThanOrEqual(0);
  });

  test('pairs are kept only of what the way back reads', () => {
    const pairs = schedule.buffers.filter(({ extent, first, last: end }) => extent === 'pairs' && first <= end);
    // tanh(…) of four units, the weights, and what is made of them.
    expect(pairs.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(12);
  });
});

test('what is the same for all rows is overwritten by nothing that comes later', () => {
  const output = moduleOf('of weights alone', 'y = 0.5 * sin(softmax(p) * silu(p))', 'y', { parameters: { p: [3] } });
  const { schedule } = trainingStep(networkOf(outsider, { output }));
  const placesOf = (phase: 'shared' | 'row' | 'collected' | 'after'): string[] =>
    schedule.phases[phase].flatMap(({ nodes }) =>
      nodes.flatMap((node) => {
        const home = writtenBy(schedule, node)?.home;
        return home?.in === 'buffer' ? [`${home.buffer.id} ${home.column}`] : [];
      }),
    );
  const shared = new Set(placesOf('shared'));
  const later = [...placesOf('row'), ...placesOf('collected'), ...placesOf('after')];
  expect(shared.size).toBeGreaterThan(3);
  expect(placesOf('after').length).toBeGreaterThan(1);
  expect(later.filter((place) => shared.has(place))).toEqual([]);
});

/** Pieces that multiply by a parameter that is not transposed. */
function productsWith({ schedule }: Scheduled, prefix: string): Item[] {
  return piecesOf(schedule).filter(({ nodes }) =>
    nodes.some(({ terms }) =>
      terms.some(({ matrix, transposed }) => {
        const { value } = schedule.nodes.at(matrix);
        return !transposed && value.op === 'parameter' && value.name.startsWith(prefix);
      }),
    ),
  );
}
