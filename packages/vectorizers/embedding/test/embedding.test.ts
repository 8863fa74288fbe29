// The learned table: how it begins, that it is looked up by row, and where its gradient goes.

import { reference } from '@unrolled/backend-reference';
import { vanillaCell } from '@unrolled/cell-vanilla';
import { type Batch, type InputDescription, initialise, type NetworkDescription, type Tensor } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { manyToOne } from '@unrolled/task-many-to-one';
import { embedding, embeddingVectorizer } from '@unrolled/vectorizer-embedding';
import { describe, expect, test } from 'vitest';

const size = 4;

function fitted(options: Parameters<typeof embeddingVectorizer>[0] = {}) {
  const fitter = embeddingVectorizer({ size, ...options }).fit();
  fitter.add('a good film a good plot'.split(' '));
  fitter.add('a bad film'.split(' '));
  return fitter.build();
}

function networkOf(input: InputDescription): NetworkDescription {
  return {
    language: 1,
    input,
    layers: [{ module: vanillaCell({ units: 3 }), direction: 'forward', dropout: {} }],
    output: manyToOne.module({ pool: 'last', dropout: 0, hidden: 0 }, 2),
    loss: categoricalCrossEntropy.module({}),
    target: { kind: 'class', size: 2, per: 'sequence' },
  };
}

const batchOf = (x: Int32Array | Float64Array, steps: number): Batch => ({
  size: 1,
  time: steps,
  inputs: { x },
  lengths: Int32Array.of(steps),
  targets: Int32Array.of(1),
  weights: Float64Array.of(1),
  exampleIndex: Int32Array.of(0),
  start: Int32Array.of(0),
});

describe('what enters the network', () => {
  test('numbers, and the equation of the look-up', () => {
    expect(fitted().encode(['a', 'dull', 'film'])).toEqual({
      kind: 'ids',
      ids: Int32Array.of(2, 1, 3),
      unknown: 1,
      truncated: 0,
    });
    expect(fitted({ initialRange: 0.1 }).input).toEqual({
      kind: 'ids',
      vocabulary: 7,
      module: {
        name: 'embedding',
        equations: 'e[t] = Eᵀ @ x[t]',
        parameters: { E: { shape: ['vocabulary', 'size'], init: { init: 'uniform', minimum: -0.1, maximum: 0.1 } } },
        sizes: { size },
        constants: {},
        shapes: {},
        initial: {},
        output: 'e',
      },
    });
  });

  test('limits and what they cost', () => {
    const encoder = fitted({ minimumCount: 2, maximumLength: 2 });
    expect(encoder.vocabulary.tokens).toEqual(['a', 'film', 'good']);
    expect(encoder.encode(['plot', 'a', 'film'])).toEqual({
      kind: 'ids',
      ids: Int32Array.of(1, 2),
      unknown: 1,
      truncated: 1,
    });
    expect(encoder.report()).toMatchObject({ tokens: 3, tokensBelowMinimum: 2, occurrencesBelowMinimum: 2 });
  });
});

describe('computed', () => {
  test('the table is [vocabulary, size] and begins within its range', async () => {
    const executable = await reference.compile({})(networkOf(fitted().input), {});
    const info = executable.parameters.find(({ name }) => name === 'input.E');
    if (info === undefined) throw new Error('there is no table');
    expect(info.shape).toEqual([7, size]);
    const values = initialise(info, 1);
    expect(values.every((value) => Math.abs(value) <= 0.05)).toBe(true);
    expect(new Set(values).size).toBe(values.length);
  });

  test('a look-up is feeding the rows; their gradients add up in the table, and rows not met have none', async () => {
    const encoder = fitted();
    const encoded = encoder.encode(['a', 'good', 'dull', 'a']);
    if (encoded.kind !== 'ids') throw new Error('numbers are expected');
    const { ids } = encoded;
    const looked = await reference.compile({})(networkOf(encoder.input), {});
    const drawn = looked.parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, 3) }]);
    const parameters: Record<string, Tensor> = Object.fromEntries(drawn);
    await looked.write({ parameters });
    const fed = await reference.compile({})(networkOf({ kind: 'vectors', size }), {});
    const { 'input.E': table, ...rest } = parameters as { 'input.E': Tensor } & Record<string, Tensor>;
    await fed.write({ parameters: rest });
    const rows = Float64Array.from([...ids].flatMap((id) => [...table.data.slice(id * size, (id + 1) * size)]));

    const found = await looked.gradients(batchOf(ids, ids.length), looked.initialState(1), {});
    const expected = await fed.gradients(batchOf(rows, ids.length), fed.initialState(1), {});
    expect(found.output).toEqual(expected.output);
    const sums = new Float64Array(7 * size);
    for (const [step, id] of ids.entries())
      for (let unit = 0; unit < size; unit++)
        sums[id * size + unit] =
          (sums[id * size + unit] as number) + (expected.inputs.x?.data[step * size + unit] as number);
    for (const [index, sum] of sums.entries()) expect(found.parameters['input.E']?.data[index]).toBeCloseTo(sum, 15);
    const met = new Set(ids);
    for (let id = 0; id < 7; id++) {
      const row = found.parameters['input.E']?.data.slice(id * size, (id + 1) * size) ?? new Float64Array(0);
      expect(row.some((value) => value !== 0)).toBe(met.has(id));
    }
  });
});

describe('saving', () => {
  test('through JSON and back', () => {
    const encoder = fitted();
    const restored = embeddingVectorizer({ size }).restore(JSON.parse(JSON.stringify(encoder.toJSON())));
    expect(restored.input).toEqual(encoder.input);
    expect(restored.encode(['a', 'film', 'dull'])).toEqual(encoder.encode(['a', 'film', 'dull']));
  });

  test('what is no vocabulary is refused', () => {
    expect(() => embedding.restore(embedding.options.defaults, { tokens: 1 })).toThrow(
      expect.objectContaining({ code: 'MODEL_CORRUPT' }),
    );
  });
});

test('a wrong option says so', () => {
  expect(() => embeddingVectorizer({ size: 0 })).toThrow(
    'vectorizer "embedding": option "size" must be a whole number from 1 to 16777216, but 0 was given.',
  );
  expect(() => embeddingVectorizer({ initialRange: -1 })).toThrow('must be a number of at least 0, but -1 was given');
});
