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

/** Buffers and values numbered as they come, so that what comes before a schedule may change its numbers. */
function numberedAnew(text: string): string {
  const numbers = new Map<string, string>();
  return text.replace(/(%|\bb)\d+/g, (name, kind: string) => {
    const number = [...numbers.keys()].filter((known) => known.startsWith(kind)).length + 1;
    numbers.set(name, numbers.get(name) ?? `${kind}${number}`);
    return numbers.get(name) as string;
  });
}

test('it prints as it runs', () => {
  const { text } = trainingStep(described());
  expect(numberedAnew(text.slice(0, text.indexOf('\nbuffer')))).toMatchInlineSnapshot(`
    "for the rows of a shard:
      b1[t] = layers.0.Wxi @ b2[t] | b1.8[t] = layers.0.Wxf @ b2[t] | b1.16[t] = layers.0.Wxg @ b2[t] | b1.24[t] = layers.0.Wxo @ b2[t]
      fused: b3[t] = add(b4[t], 1.5)
      fused:
        %1 = expand(1)
        %2 = where(b5[b], 0.5, %1, 0)
        b6[b] = multiply(%2, b7[b])
      fused: b8[b] = expand(0)
      for each step:
        b1[t] += layers.0.Whi @ b9[b] | b1.8[t] += layers.0.Whf @ b9[b] | b1.16[t] += layers.0.Whg @ b9[b] | b1.24[t] += layers.0.Who @ b9[b]
        fused:
          %3 = add(b1[t], layers.0.bi)
          b1[t] = sigmoid(%3)
          %4 = add(b1.8[t], layers.0.bf)
          b1.8[t] = sigmoid(%4)
          %5 = add(b1.16[t], layers.0.bg)
          b1.16[t] = tanh(%5)
          %6 = add(b1.24[t], layers.0.bo)
          b1.24[t] = sigmoid(%6)
          %7 = multiply(b1.8[t], b10[b])
          %8 = multiply(b1[t], b1.16[t])
          %9 = add(%7, %8)
          b11[t] = tanh(%9)
          b12[t] = multiply(b1.24[t], b11[t])
          b10[b] = %9
          b9[b] = b12[t]
          b13[t] = b10[b]
          b14[t] = b9[b]
      fused: b12[t] = where(b3[t], b5[b], b12[t], 0)
      b15[b] = sum(b12[t]) over axes
      fused:
        b15[b] = where(b5[b], 0.5, b15[b], b16[b])
        b17[b] = view(b15[b])
      b18[b] = output.Why @ b17[b]
      fused:
        b18[b] = add(b18[b], output.by)
        %10 = subtract(b18[b], b19[b])
        %11 = multiply(%10, %10)
        b20[b] = sum(%11)
        %12 = expand(b6[b])
        %13 = multiply(%12, %10)
        b21[b] = add(%13, %13)
      fused:
        %14 = multiply(b7[b], b20[b])
        b20[b] = where(b5[b], 0.5, %14, 0)
      b22[b] = output.Whyᵀ @ b21[b]
      fused: b22[b] = where(b5[b], 0.5, b22[b], 0)
      for each step, from the last to the first:
        fused:
          %15 = expand(b22[b])
          %16 = where(b3[t], b5[b], %15, 0)
          %17 = add(%16, b23[b])
          %18 = multiply(%17, b11[t])
          %19 = multiply(%17, b1.24[t])
          %20 = multiply(b11[t], b11[t])
          %21 = subtract(1, %20)
          %22 = multiply(%19, %21)
          %23 = add(b24[b], %22)
          %24 = multiply(%23, b1.16[t])
          %25 = multiply(%23, b1[t])
          %26 = multiply(%23, b13[t])
          b25[b] = multiply(%23, b1.8[t])
          %27 = subtract(1, b1.24[t])
          %28 = multiply(b1.24[t], %27)
          b1.24[t] = multiply(%18, %28)
          %29 = multiply(b1.16[t], b1.16[t])
          %30 = subtract(1, %29)
          b1.16[t] = multiply(%25, %30)
          %31 = subtract(1, b1.8[t])
          %32 = multiply(b1.8[t], %31)
          b1.8[t] = multiply(%26, %32)
          %33 = subtract(1, b1[t])
          %34 = multiply(b1[t], %33)
          b1[t] = multiply(%24, %34)
        b26[b] = layers.0.Whiᵀ @ b1[t] + layers.0.Whfᵀ @ b1.8[t] + layers.0.Whgᵀ @ b1.16[t] + layers.0.Whoᵀ @ b1.24[t]
        fused:
          b24[b] = b25[b]
          b23[b] = b26[b]
    once, summed over all rows:
      b27 = sum(b20[b]) over axes
      ∂output.by = sum(b21[b]) over axes
      ∂output.Why = outer(b21[b], b17[b])
      ∂layers.0.bi = sum(b1[t]) over axes | ∂layers.0.bf = sum(b1.8[t]) over axes | ∂layers.0.bg = sum(b1.16[t]) over axes | ∂layers.0.bo = sum(b1.24[t]) over axes
      ∂layers.0.Whi = outer(b1[t], b14[t]) | ∂layers.0.Whf = outer(b1.8[t], b14[t]) | ∂layers.0.Whg = outer(b1.16[t], b14[t]) | ∂layers.0.Who = outer(b1.24[t], b14[t])
      ∂layers.0.Wxi = outer(b1[t], b2[t]) | ∂layers.0.Wxf = outer(b1.8[t], b2[t]) | ∂layers.0.Wxg = outer(b1.16[t], b2[t]) | ∂layers.0.Wxo = outer(b1.24[t], b2[t])"
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
