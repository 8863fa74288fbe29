// The schedule of an LSTM's training step: what becomes one product, what is computed in place, how little is kept.
import type { NetworkDescription } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import type { Item, Node } from '../../src/index.ts';
import { moduleOf, networkOf } from '../networks.ts';
import { forwardCall, numbersPerStep, piecesOf, type Scheduled, trainingStep, writtenBy } from './calls.ts';

const [units, inputs] = [8, 4];
const gates = ['i', 'f', 'g', 'o'];

const lstm = moduleOf(
  'lstm',
  `i[t] = σ(Wxi @ x[t] + Whi @ h[t-1] + bi)
   f[t] = σ(Wxf @ x[t] + Whf @ h[t-1] + bf)
   g[t] = tanh(Wxg @ x[t] + Whg @ h[t-1] + bg)
   o[t] = σ(Wxo @ x[t] + Who @ h[t-1] + bo)
   c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
   h[t] = o[t] ⊙ tanh(c[t])`,
  'h',
  {
    sizes: { units },
    parameters: Object.fromEntries(
      gates.flatMap((gate) => ['Wx', 'Wh', 'b'].map((kind) => [`${kind}${gate}`, undefined])),
    ),
  },
);
const last = moduleOf('last', 'p = last_s(h[s])\ny = Why @ p + by', 'y', {
  parameters: { Why: [3, units], by: undefined },
});

function described(parts: Partial<NetworkDescription> = {}): NetworkDescription {
  return networkOf(lstm, { input: { kind: 'vectors', size: inputs }, output: last, ...parts });
}

/** The one piece in which all nodes are of this kind and have to do with these parameters. */
function pieceOf({ schedule }: Scheduled, uses: (node: Node) => boolean): Item {
  const found = piecesOf(schedule).filter(({ nodes }) => nodes.some(uses));
  expect(found).toHaveLength(1);
  return found[0] as Item;
}

/** Whether a node is a product with one of these parameters. */
function multiplies({ schedule }: Scheduled, prefix: string): (node: Node) => boolean {
  return ({ terms }) =>
    terms.some(({ matrix }) => {
      const { value } = schedule.nodes.at(matrix);
      return value.op === 'parameter' && value.name.startsWith(prefix);
    });
}

/** Whether a node's numbers are the gradient of one of these parameters. */
function isGradientOf({ schedule }: Scheduled, prefix: string): (node: Node) => boolean {
  return (node) => {
    const home = writtenBy(schedule, node)?.home;
    return home?.in === 'gradient' && home.name.startsWith(prefix);
  };
}

test('it prints as it runs', () => {
  const { text } = trainingStep(described());
  expect(text.slice(0, text.indexOf('\nbuffer'))).toMatchInlineSnapshot(`
    "for the rows of a shard:
      b14[t] = layers.0.Wxi @ b0[t] | b14.8[t] = layers.0.Wxf @ b0[t] | b14.16[t] = layers.0.Wxg @ b0[t] | b14.24[t] = layers.0.Wxo @ b0[t]
      fused: b15[t] = add(b7[t], 1.5)
      fused:
        %76 = expand(1)
        %77 = where(b8[b], 0.5, %76, 0)
        b16[b] = multiply(%77, b11[b])
      fused: b17[b] = expand(0)
      for each step:
        b14[t] += layers.0.Whi @ b5[b] | b14.8[t] += layers.0.Whf @ b5[b] | b14.16[t] += layers.0.Whg @ b5[b] | b14.24[t] += layers.0.Who @ b5[b]
        fused:
          %11 = add(b14[t], layers.0.bi)
          b14[t] = sigmoid(%11)
          %19 = add(b14.8[t], layers.0.bf)
          b14.8[t] = sigmoid(%19)
          %27 = add(b14.16[t], layers.0.bg)
          b14.16[t] = tanh(%27)
          %35 = add(b14.24[t], layers.0.bo)
          b14.24[t] = sigmoid(%35)
          %37 = multiply(b14.8[t], b3[b])
          %38 = multiply(b14[t], b14.16[t])
          %39 = add(%37, %38)
          b18[t] = tanh(%39)
          b19[t] = multiply(b14.24[t], b18[t])
          b3[b] = %39
          b5[b] = b19[t]
          b4[t] = b3[b]
          b6[t] = b5[b]
      fused: b19[t] = where(b15[t], b8[b], b19[t], 0)
      b20[b] = sum(b19[t]) over axes
      fused: b20[b] = where(b8[b], 0.5, b20[b], b9[b])
      b21[b] = output.Why @ b20[b]
      fused:
        b21[b] = add(b21[b], output.by)
        %68 = subtract(b21[b], b10[b])
        %69 = multiply(%68, %68)
        b22[b] = sum(%69)
        %79 = expand(b16[b])
        %80 = multiply(%79, %68)
        b23[b] = add(%80, %80)
      fused:
        %72 = multiply(b11[b], b22[b])
        b22[b] = where(b8[b], 0.5, %72, 0)
      b24[b] = output.Whyᵀ @ b23[b]
      fused: b24[b] = where(b8[b], 0.5, b24[b], 0)
      for each step, from the last to the first:
        fused:
          %87 = expand(b24[b])
          %88 = where(b15[t], b8[b], %87, 0)
          %93 = add(%88, b13[b])
          %95 = multiply(%93, b18[t])
          %96 = multiply(%93, b14.24[t])
          %97 = multiply(b18[t], b18[t])
          %98 = subtract(1, %97)
          %99 = multiply(%96, %98)
          %100 = add(b12[b], %99)
          %101 = multiply(%100, b14.16[t])
          %102 = multiply(%100, b14[t])
          %103 = multiply(%100, b4[t])
          b25[b] = multiply(%100, b14.8[t])
          %105 = subtract(1, b14.24[t])
          %106 = multiply(b14.24[t], %105)
          b14.24[t] = multiply(%95, %106)
          %109 = multiply(b14.16[t], b14.16[t])
          %110 = subtract(1, %109)
          b14.16[t] = multiply(%102, %110)
          %114 = subtract(1, b14.8[t])
          %115 = multiply(b14.8[t], %114)
          b14.8[t] = multiply(%103, %115)
          %119 = subtract(1, b14[t])
          %120 = multiply(b14[t], %119)
          b14[t] = multiply(%101, %120)
        b26[b] = layers.0.Whiᵀ @ b14[t] + layers.0.Whfᵀ @ b14.8[t] + layers.0.Whgᵀ @ b14.16[t] + layers.0.Whoᵀ @ b14.24[t]
        fused:
          b12[b] = b25[b]
          b13[b] = b26[b]
    once, summed over all rows:
      b27 = sum(b22[b]) over axes
      ∂output.by = sum(b23[b]) over axes
      ∂output.Why = outer(b23[b], b20[b])
      ∂layers.0.bi = sum(b14[t]) over axes | ∂layers.0.bf = sum(b14.8[t]) over axes | ∂layers.0.bg = sum(b14.16[t]) over axes | ∂layers.0.bo = sum(b14.24[t]) over axes
      ∂layers.0.Whi = outer(b14[t], b6[t]) | ∂layers.0.Whf = outer(b14.8[t], b6[t]) | ∂layers.0.Whg = outer(b14.16[t], b6[t]) | ∂layers.0.Who = outer(b14.24[t], b6[t])
      ∂layers.0.Wxi = outer(b14[t], b0[t]) | ∂layers.0.Wxf = outer(b14.8[t], b0[t]) | ∂layers.0.Wxg = outer(b14.16[t], b0[t]) | ∂layers.0.Wxo = outer(b14.24[t], b0[t])"
  `);
});

describe.each([
  ['fewer inputs than units', inputs],
  ['as many inputs as units', units],
])('with %s', (_, size) => {
  const scheduled = trainingStep(described({ input: { kind: 'vectors', size } }));
  const { schedule } = scheduled;

  test('the products of the input with all four matrices are one, before the loop', () => {
    const { nodes, body } = pieceOf(scheduled, multiplies(scheduled, 'layers.0.Wx'));
    expect(nodes).toHaveLength(4);
    expect(body).toEqual([]);
    expect(nodes.every(({ where, over }) => where < 0 && over.join() === 'batch,time')).toBe(true);
  });

  test('the products of the state are one, added where those of the input are', () => {
    const hoisted = pieceOf(scheduled, multiplies(scheduled, 'layers.0.Wx')).nodes;
    const { nodes } = pieceOf(
      scheduled,
      (node) => multiplies(scheduled, 'layers.0.Wh')(node) && node.seed !== undefined,
    );
    expect(nodes).toHaveLength(4);
    expect(nodes.map(({ seed }) => seed)).toEqual(hoisted.map(({ id }) => id));
    expect(nodes.map((node) => writtenBy(schedule, node)?.home)).toEqual(
      hoisted.map((node) => writtenBy(schedule, node)?.home),
    );
  });

  test('the four results stand side by side', () => {
    const homes = pieceOf(scheduled, multiplies(scheduled, 'layers.0.Wx')).nodes.map(
      (node) => writtenBy(schedule, node)?.home,
    );
    expect(homes).toMatchObject([0, 1, 2, 3].map((place) => ({ in: 'buffer', column: place * units })));
    expect(new Set(homes.map((home) => home?.in === 'buffer' && home.buffer.id)).size).toBe(1);
  });

  test('the gradient of the state comes from one product of four terms', () => {
    const transposed = ({ terms }: Node) => terms.some((term) => term.transposed);
    const { nodes } = pieceOf(scheduled, (node) => transposed(node) && multiplies(scheduled, 'layers.0.Wh')(node));
    expect(nodes).toHaveLength(1);
    expect(nodes[0]?.terms).toHaveLength(4);
  });

  test('the gradients of each kind of weight are one sum over all rows', () => {
    for (const kind of ['Wx', 'Wh', 'b']) {
      const { nodes } = pieceOf(scheduled, isGradientOf(scheduled, `layers.0.${kind}`));
      expect(nodes.map((node) => node.value.op)).toEqual(new Array(4).fill(kind === 'b' ? 'sum' : 'outer'));
      expect(nodes.map((node) => writtenBy(schedule, node)?.home)).toMatchObject(
        gates.map((gate) => ({ name: `layers.0.${kind}${gate}` })),
      );
    }
  });

  test('activations stand where pre-activations did, and their gradients overwrite them', () => {
    const pre = pieceOf(scheduled, multiplies(scheduled, 'layers.0.Wx')).nodes;
    const buffer = (node: Node) => {
      const home = writtenBy(schedule, node)?.home;
      return home?.in === 'buffer' ? home.buffer.id : undefined;
    };
    const [first] = pre as [Node];
    const writers = piecesOf(schedule).filter(({ nodes }) => nodes.some((node) => buffer(node) === buffer(first)));
    const kinds = writers.map(({ nodes }) => nodes.filter((node) => buffer(node) === buffer(first)).length);
    // Hoisted products, recurrent products, activations, their gradients: four numbers a unit each, in one place.
    expect(kinds).toEqual([4, 4, 4, 4]);
    expect(writers.map(({ nodes: [node] }) => node?.kind)).toEqual(['product', 'product', 'map', 'map']);
  });

  test('a step keeps eight numbers for each unit, and its input', () => {
    const whole = 1 + 1; // the length of the sequence and the number of the step, compared
    expect(numbersPerStep(schedule)).toBeLessThanOrEqual(8 * units + size + whole);
  });
});

test('lookups of ids are one, of columns that stand side by side, and their gradients are one', () => {
  const scheduled = trainingStep(described({ input: { kind: 'ids', vocabulary: 50 } }));
  const { schedule, lines } = scheduled;
  expect(schedule.families.filter(({ layout }) => layout === 'columns')).toMatchObject([
    { names: gates.map((gate) => `layers.0.Wx${gate}`), shape: [units, 50] },
  ]);
  const gathered = piecesOf(schedule).filter(({ nodes }) => nodes.some(({ value }) => value.op === 'gather'));
  expect(gathered.map(({ nodes }) => nodes.length)).toEqual([4]);
  const scattered = piecesOf(schedule).filter(({ nodes }) => nodes.some(({ value }) => value.op === 'scatterAdd'));
  expect(scattered.map(({ nodes }) => nodes.length)).toEqual([4]);
  expect(lines.some((line) => line.includes('layers.0.Wxi @'))).toBe(false);
});

test('a table of an embedding is looked up by row', () => {
  const embedding = moduleOf('embedding', 'e[t] = Eᵀ @ x[t]', 'e', { parameters: { E: ['vocabulary', inputs] } });
  const { schedule } = trainingStep(described({ input: { kind: 'ids', vocabulary: 50, module: embedding } }));
  const family = schedule.families.find(({ names }) => names.includes('input.E'));
  expect(family).toMatchObject({ names: ['input.E'], layout: 'rows' });
});

test('a forward call keeps no number of a step but the products of the input and what is asked for', () => {
  const { schedule } = forwardCall(described());
  const collected = [...schedule.phases.collected, ...schedule.phases.after];
  expect(collected).toEqual([]);
  expect(numbersPerStep(schedule)).toBeLessThan(6 * units + inputs + 3);
});

test('a layer of half a vector has products of its own for each matrix', () => {
  const small = { ...lstm, sizes: { units: 6 } };
  const scheduled = trainingStep({
    ...described(),
    layers: [{ module: small, direction: 'forward', dropout: {} }],
    output: { ...last, parameters: { ...last.parameters, Why: { init: { init: 'ones' }, shape: [3, 6] } } },
  });
  const found = piecesOf(scheduled.schedule).filter(({ nodes }) => nodes.some(multiplies(scheduled, 'layers.0.Wx')));
  expect(found.map(({ nodes }) => nodes.length)).toEqual([1, 1, 1, 1]);
});
