// Numbers for tokens, what limits cost, the way through JSON, and that a look-up is the product with a one-hot vector.

import { reference } from '@unrolled/backend-reference';
import { vanillaCell } from '@unrolled/cell-vanilla';
import { type Batch, type InputDescription, initialise, UNKNOWN } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { manyToOne } from '@unrolled/task-many-to-one';
import { oneHot, oneHotVectorizer, oneHotVectors } from '@unrolled/vectorizer-one-hot';
import { describe, expect, test } from 'vitest';

const corpus = ['the cat sat on the mat', 'the dog ate my homework'].map((text) => text.split(' '));

function fitted(options?: Parameters<typeof oneHotVectorizer>[0]) {
  const fitter = oneHotVectorizer(options).fit();
  for (const tokens of corpus) fitter.add(tokens);
  return fitter.build();
}

describe('encoding', () => {
  test('the commonest token comes first, ties by code point; 0 pads and 1 is unknown', () => {
    const encoder = fitted();
    expect(encoder.vocabulary.tokens).toEqual(['the', 'ate', 'cat', 'dog', 'homework', 'mat', 'my', 'on', 'sat']);
    expect(encoder.encode(['the', 'dog', 'sings'])).toEqual({
      kind: 'ids',
      ids: Int32Array.of(2, 5, 1),
      unknown: 1,
      truncated: 0,
    });
    expect(encoder.input).toEqual({ kind: 'ids', vocabulary: 11 });
  });

  test('limits, and what they cost', () => {
    const encoder = fitted({ minimumCount: 2, maximumLength: 3 });
    expect(encoder.vocabulary.tokens).toEqual(['the']);
    expect(encoder.encode(corpus[0] as string[])).toEqual({
      kind: 'ids',
      ids: Int32Array.of(2, 1, 1),
      unknown: 2,
      truncated: 3,
    });
    expect(encoder.report()).toEqual({
      tokens: 1,
      occurrences: 3,
      tokensBelowMinimum: 8,
      occurrencesBelowMinimum: 8,
      tokensBeyondMaximum: 0,
      occurrencesBeyondMaximum: 0,
    });
    expect(fitted({ maximumSize: 4 }).vocabulary.tokens).toEqual(['the', 'ate', 'cat', 'dog']);
    expect(fitted({ maximumSize: 4 }).report().tokensBeyondMaximum).toBe(5);
  });

  test('nothing to count, nothing to encode', () => {
    const encoder = oneHotVectorizer().fit().build();
    expect(encoder.input).toEqual({ kind: 'ids', vocabulary: 2 });
    expect(encoder.encode(['any', 'thing'])).toMatchObject({ ids: Int32Array.of(UNKNOWN, UNKNOWN), unknown: 2 });
    expect(encoder.encode([])).toMatchObject({ ids: new Int32Array(0) });
  });

  test('fitters of two parts merge to the fitter of both', () => {
    const [first, second] = corpus.map((tokens) => {
      const fitter = oneHotVectorizer().fit();
      fitter.add(tokens);
      return fitter;
    });
    if (first === undefined || second === undefined) throw new Error('two parts');
    first.merge(second);
    expect(first.build().toJSON()).toEqual(fitted().toJSON());
    expect(() => first.merge({ add: () => {}, build: () => fitted() })).toThrow(
      expect.objectContaining({ code: 'FITTER_MISMATCH' }),
    );
  });
});

describe('saving', () => {
  test('through JSON and back', () => {
    const encoder = fitted({ maximumLength: 2 });
    const restored = oneHotVectorizer({ maximumLength: 2 }).restore(JSON.parse(JSON.stringify(encoder.toJSON())));
    for (const tokens of [...corpus, ['sings']]) expect(restored.encode(tokens)).toEqual(encoder.encode(tokens));
    expect(restored.input).toEqual(encoder.input);
    expect(restored.report()).toEqual(encoder.report());
  });

  test('what is no vocabulary is refused', () => {
    for (const damaged of [null, {}, { tokens: ['a', 'a'], counts: [1, 1], lost: {} }])
      expect(() => oneHot.restore(oneHot.options.defaults, damaged)).toThrow(
        expect.objectContaining({ code: 'MODEL_CORRUPT' }),
      );
  });
});

describe('vectors written out', () => {
  test('one 1 in each row', () => {
    expect(oneHotVectors([2, 0], 4)).toEqual(Float32Array.of(0, 0, 1, 0, 1, 0, 0, 0));
    expect(() => oneHotVectors([4], 4)).toThrow('4 (step 0) is not a number from 0 to 3.');
  });

  test('a network fed numbers computes what it would from the vectors, gradients too', async () => {
    const encoder = fitted();
    const { input } = encoder;
    if (input.kind !== 'ids') throw new Error('numbers are expected');
    const encoded = encoder.encode(['the', 'sings', 'mat', 'the']);
    if (encoded.kind !== 'ids') throw new Error('numbers are expected');
    const looked = await run(input, encoded.ids);
    const multiplied = await run(
      { kind: 'vectors', size: input.vocabulary },
      Float64Array.from(oneHotVectors(encoded.ids, input.vocabulary)),
    );
    expect(looked.loss).toBeCloseTo(multiplied.loss, 14);
    for (const [name, { data }] of Object.entries(multiplied.parameters))
      for (const [index, value] of data.entries()) expect(looked.parameters[name]?.data[index]).toBeCloseTo(value, 14);
  });
});

async function run(input: InputDescription, x: Int32Array | Float64Array) {
  const executable = await reference.compile({})(
    {
      language: 1,
      input,
      layers: [{ module: vanillaCell({ units: 3 }), direction: 'forward', dropout: {} }],
      output: manyToOne.module({ pool: 'last', dropout: 0, hidden: 0 }, 2),
      loss: categoricalCrossEntropy.module({}),
      target: { kind: 'class', size: 2, per: 'sequence' },
    },
    {},
  );
  const drawn = executable.parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, 3) }]);
  await executable.write({ parameters: Object.fromEntries(drawn) });
  const batch: Batch = {
    size: 1,
    time: 4,
    inputs: { x },
    lengths: Int32Array.of(4),
    targets: Int32Array.of(1),
    weights: Float64Array.of(1),
    exampleIndex: Int32Array.of(0),
    start: Int32Array.of(0),
  };
  return executable.gradients(batch, executable.initialState(1), {});
}

test('a wrong option says so', () => {
  expect(() => oneHotVectorizer({ minimumCount: 0 })).toThrow(
    'vectorizer "one-hot": option "minimumCount" must be a whole number of at least 1, but 0 was given.',
  );
});
