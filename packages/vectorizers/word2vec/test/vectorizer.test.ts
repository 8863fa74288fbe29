// The plug-in: it trains what trainWord2Vec trains, and its vectors are a network's first values.
import { reference } from '@unrolled/backend-reference';
import { vanillaCell } from '@unrolled/cell-vanilla';
import type { Batch, NetworkDescription } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { manyToOne } from '@unrolled/task-many-to-one';
import { trainWord2Vec, word2vec, word2vecVectorizer } from '@unrolled/vectorizer-word2vec';
import { describe, expect, test } from 'vitest';
import { zipfCorpus } from './corpora.ts';

const corpus = zipfCorpus(3000, 200);
const small = { size: 6, window: 3, epochs: 2, minimumCount: 3 };

function fitted(options: Parameters<typeof word2vecVectorizer>[0], sentences = corpus) {
  const fitter = word2vecVectorizer(options).fit();
  for (const sentence of sentences) fitter.add(sentence);
  return fitter.build();
}

describe('the encoder', () => {
  for (const variant of [{}, { mode: 'cbow', maximumNgram: 3 }] as const)
    test(`begins with the vectors that trainWord2Vec gives: ${JSON.stringify(variant)}`, async () => {
      const { vectors } = await trainWord2Vec(corpus, { ...small, ...variant, threads: 2 });
      const { initial, input } = fitted({ ...small, ...variant });
      const { shape, data } = initial?.E ?? { shape: [], data: new Float32Array() };
      expect(shape).toEqual([vectors.words.length + 2, 6]);
      expect(input).toMatchObject({ kind: 'ids', vocabulary: vectors.words.length + 2 });
      expect([...data.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
      expect([...data.subarray(12)]).toEqual([...vectors.values]);
      const mean = vectors.values.filter((_, i) => i % 6 === 2).reduce((sum, value) => sum + value, 0);
      expect(data[6 + 2]).toBeCloseTo(mean / vectors.words.length, 6);
    });

  test('numbers tokens, and says what was lost', () => {
    const encoder = fitted({ size: 4, minimumCount: 2, maximumLength: 4 }, [
      ['a', 'b', 'a'],
      ['b', 'rare'],
    ]);
    expect(encoder.encode(['b', 'rare', 'a', 'x', 'a'])).toEqual({
      kind: 'ids',
      ids: Int32Array.of(3, 1, 2, 1),
      unknown: 2,
      truncated: 1,
    });
    expect(encoder.report()).toMatchObject({ tokens: 2, tokensBelowMinimum: 1 });
  });

  test('of merged fitters is that of one pass', () => {
    const [whole, first, second] = [1, 2, 3].map(() => word2vecVectorizer(small).fit());
    if (!whole || !first || !second) throw new Error('three fitters');
    for (const [index, sentence] of corpus.entries()) {
      whole.add(sentence);
      (index < 1000 ? first : second).add(sentence);
    }
    first.merge?.(second);
    expect(first.build().initial).toEqual(whole.build().initial);
    const stranger = { add: () => {}, build: () => whole.build() };
    expect(() => first.merge?.(stranger)).toThrow(expect.objectContaining({ code: 'FITTER_MISMATCH' }));
  });

  test('comes back without first values: a saved model has its own', () => {
    const encoder = fitted(small);
    const restored = word2vecVectorizer(small).restore(JSON.parse(JSON.stringify(encoder.toJSON())));
    expect(restored.initial).toBeUndefined();
    expect(restored.encode(['w1', 'nothing'])).toEqual(encoder.encode(['w1', 'nothing']));
    expect(() => word2vec.restore(word2vec.options.defaults, { tokens: 1 })).toThrow(
      expect.objectContaining({ code: 'MODEL_CORRUPT' }),
    );
  });
});

describe('in a network', () => {
  for (const frozen of [false, true])
    test(frozen ? 'frozen vectors have no gradient' : 'vectors are learned on', async () => {
      const encoder = fitted({ ...small, frozen });
      const network: NetworkDescription = {
        language: 1,
        input: encoder.input,
        layers: [{ module: vanillaCell({ units: 3 }), direction: 'forward', dropout: {} }],
        output: manyToOne.module({ pool: 'last', dropout: 0, hidden: 0 }, 2),
        loss: categoricalCrossEntropy.module({}),
        target: { kind: 'class', size: 2, per: 'sequence' },
      };
      const executable = await reference.compile({})(network, {});
      const table = encoder.initial?.E;
      if (!table) throw new Error('there are no first values');
      await executable.write({ parameters: { 'input.E': table } });
      const batch: Batch = {
        size: 1,
        time: 3,
        inputs: { x: Int32Array.of(2, 3, 4) },
        lengths: Int32Array.of(3),
        targets: Int32Array.of(1),
        weights: Float64Array.of(1),
        exampleIndex: Int32Array.of(0),
        start: Int32Array.of(0),
      };
      const weights = { Wxh: 18, Whh: 9, bh: 3, Why: 6, by: 2 };
      const shapes = { Wxh: [3, 6], Whh: [3, 3], bh: [3], Why: [2, 3], by: [2] };
      const parameters = Object.entries(weights).map(([name, count]) => {
        const owner = name === 'Why' || name === 'by' ? 'output' : 'layers.0';
        const data = Float64Array.from({ length: count }, (_, i) => 0.3 * Math.sin(i + 1));
        return [`${owner}.${name}`, { shape: shapes[name as keyof typeof shapes], data }];
      });
      await executable.write({ parameters: Object.fromEntries(parameters) });
      const { parameters: gradients } = await executable.gradients(batch, executable.initialState(1), {});
      const moved = gradients['input.E']?.data.some((value) => value !== 0) ?? false;
      expect(moved).toBe(!frozen);
    });
});

test('a wrong option says so', () => {
  expect(() => word2vecVectorizer({ window: 0 })).toThrow(
    'vectorizer "word2vec": option "window" must be a whole number',
  );
  expect(() => word2vecVectorizer({ parallel: 'hogwild' } as never)).toThrow('option "parallel" is not known');
});
