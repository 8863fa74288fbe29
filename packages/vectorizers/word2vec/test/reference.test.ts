// The kernels against plain loops in float64, in every mode; and the gradients against finite differences of the loss.
import { VocabularyBuilder } from '@unrolled/core';
import { trainWord2Vec, type Word2VecOptions } from '@unrolled/vectorizer-word2vec';
import { describe, expect, test } from 'vitest';
import { decodeCheckpoint } from '../src/checkpoint.ts';
import { resolveOptions } from '../src/options.ts';
import { setUp } from '../src/setup.ts';
import { aliasTable, noiseDistribution } from '../src/tables/noise.ts';
import { keepProbabilities } from '../src/tables/subsampling.ts';
import { zipfCorpus } from './corpora.ts';
import { Reference } from './reference.ts';

const corpus = zipfCorpus(300, 60);
const small = { size: 10, window: 3, minimumCount: 2, sample: 0.01, epochs: 2, buckets: 50 };

function prepared(given: Partial<Word2VecOptions>, sentences: readonly (readonly string[])[] = corpus) {
  const options = resolveOptions({ ...small, ...given });
  const builder = new VocabularyBuilder();
  for (const sentence of sentences) builder.add(sentence);
  const { tokens, counts } = builder.build({ minimumCount: options.minimumCount });
  const { tree, subwords, plan } = setUp(options, { tokens, counts }, 1);
  const table = aliasTable(noiseDistribution(counts, options.noiseExponent));
  const reference = new Reference({
    ...{ options, counts, words: tokens },
    rowsOf: (word) =>
      subwords ? [...subwords.rows.subarray(subwords.starts[word], subwords.starts[word + 1])] : [word],
    inputRows: subwords?.count ?? tokens.length,
    pathOf:
      tree &&
      ((word) =>
        Array.from({ length: (tree.starts[word + 1] as number) - (tree.starts[word] as number) }, (_, i) => {
          const at = (tree.starts[word] as number) + i;
          return { node: tree.nodes[at] as number, code: tree.codes[at] as number };
        })),
    noiseOf: (upper, lower) => {
      const column = Math.floor((upper * counts.length) / 2 ** 32);
      return lower <= (table[2 * column] as number) ? column : (table[2 * column + 1] as number);
    },
    keep: [...keepProbabilities(counts, options.sample)],
    batch: options.parallel === 'deterministic' ? plan.batch : 0,
  });
  const numbers = new Map(tokens.map((token, number) => [token, number]));
  const ids = sentences.map((sentence) => sentence.flatMap((token) => numbers.get(token) ?? []));
  return { options, reference, ids, counts };
}

/** Largest difference over the largest number. */
function distance(found: Float32Array, expected: readonly Float64Array[]): number {
  const flat = expected.flatMap((row) => [...row]);
  expect(found.length).toBe(flat.length);
  const largest = Math.max(...flat.map(Math.abs));
  expect(largest).toBeGreaterThan(0.01);
  return Math.max(...flat.map((value, i) => Math.abs(value - (found[i] as number)))) / largest;
}

const variants: readonly Partial<Word2VecOptions>[] = [
  {},
  { negatives: 7, learningRate: 0.1 },
  { negatives: 1, dynamicWindow: false },
  { softmax: 'hierarchical' },
  { mode: 'cbow' },
  { mode: 'cbow', average: false, negatives: 12 },
  { mode: 'cbow', exactGradient: true },
  { mode: 'cbow', softmax: 'hierarchical' },
  { maximumNgram: 3, minimumNgram: 2 },
  { maximumNgram: 3, exactGradient: true, softmax: 'hierarchical' },
  { mode: 'cbow', maximumNgram: 4 },
];

test('a sentence of any length is trained whole, across chunks', async () => {
  const sentence = [zipfCorpus(2400, 60).flat()];
  const given = {
    size: 4,
    window: 2,
    negatives: 1,
    sample: 0,
    epochs: 1,
    minimumCount: 1,
    parallel: 'hogwild',
  } as const;
  const constant = { learningRate: 0.025, finalLearningRate: 0.025 };
  const { reference, ids } = prepared({ ...given, ...constant }, sentence);
  expect(ids[0]?.length).toBeGreaterThan(17_000);
  reference.epoch(ids, () => 0.025);
  const { input } = decodeCheckpoint(
    (await trainWord2Vec(sentence, { ...given, ...constant, threads: 1 })).checkpoint(),
  );
  expect(distance(input, reference.weights.input)).toBeLessThan(1e-4);
});

/** At such a rate scores go beyond ±6, where profiles differ. */
const profiles: readonly Partial<Word2VecOptions>[] = [
  { profile: 'gensim', learningRate: 0.6, size: 4 },
  { profile: 'word2vec.c', learningRate: 0.6, size: 4 },
  { profile: 'word2vec.c', learningRate: 0.6, size: 4, mode: 'cbow', softmax: 'hierarchical' },
];

describe('trained as plain loops in float64 train', () => {
  for (const parallel of ['hogwild', 'deterministic'] as const)
    for (const variant of parallel === 'hogwild' ? [...variants, ...profiles] : variants)
      test(`${parallel} ${JSON.stringify(variant)}`, async () => {
        const { options, reference, ids, counts } = prepared({ ...variant, parallel });
        const words = counts.reduce((sum, count) => sum + count, 0);
        const { learningRate: first, finalLearningRate: last, epochs } = options;
        for (let epoch = 0; epoch < epochs; epoch++) {
          const rate = (done: number): number => first - ((first - last) * done) / epochs;
          reference.epoch(ids, (index, count) => rate(epoch) - ((rate(epoch) - rate(epoch + 1)) * index) / count);
        }
        const model = await trainWord2Vec(corpus, { ...small, ...variant, parallel, threads: 1 });
        expect(model.report.trainedWords).toBe(epochs * words);
        const { input, output } = decodeCheckpoint(model.checkpoint());
        expect(distance(input, reference.weights.input)).toBeLessThan(1e-4);
        expect(distance(output, reference.weights.output)).toBeLessThan(1e-4);
      });
});

test('profiles differ beyond ±6', async () => {
  const last = async (given: Partial<Word2VecOptions>): Promise<string> => {
    const fast = { ...small, size: 4, learningRate: 0.6, parallel: 'hogwild', threads: 1 } as const;
    const model = await trainWord2Vec(corpus, { ...fast, ...given });
    return `${decodeCheckpoint(model.checkpoint()).output}`;
  };
  expect(await last({ profile: 'word2vec.c' })).not.toBe(await last({}));
  const cbow = { mode: 'cbow', softmax: 'hierarchical' } as const;
  expect(await last({ profile: 'word2vec.c', ...cbow })).not.toBe(await last(cbow));
});

describe('a step goes down the gradient of the loss', () => {
  const sentence = [['w0', 'w1', 'w2', 'w3', 'w1', 'w4', 'w0', 'w5']];
  const rate = 1 / 1024;
  const constant = { sample: 0, minimumCount: 1, size: 4, parallel: 'deterministic', window: 2 } as const;
  const exact: readonly Partial<Word2VecOptions>[] = [
    {},
    { softmax: 'hierarchical' },
    { mode: 'cbow', exactGradient: true },
    { mode: 'cbow', average: false },
    { mode: 'cbow', softmax: 'hierarchical', exactGradient: true },
    { maximumNgram: 3, exactGradient: true, mode: 'cbow' },
  ];
  for (const variant of exact)
    test(JSON.stringify(variant), async () => {
      const given = { ...constant, ...variant, epochs: 3, learningRate: 0.5, finalLearningRate: 0.5 };
      const before = await trainWord2Vec(sentence, { ...given, threads: 1 });
      const slow = { epochs: 4, learningRate: rate, finalLearningRate: rate, threads: 1 };
      const after = await trainWord2Vec(sentence, { ...slow, resume: before.checkpoint() });
      const [from, to] = [before, after].map((model) => decodeCheckpoint(model.checkpoint()));
      if (!from || !to) throw new Error('two checkpoints were expected');

      const { reference, ids, options } = prepared(given, sentence);
      // The draws of the first three epochs are made and forgotten.
      for (let epoch = 0; epoch < 3; epoch++) reference.sift(ids);
      const { size } = options;
      for (const table of ['input', 'output'] as const)
        for (const [index, row] of reference.weights[table].entries())
          row.set(from[table].subarray(index * size, (index + 1) * size));
      const entries = reference.sift(ids);
      const predictions = entries.flatMap((_, index) => reference.predictions(entries, index, rate));
      const loss = (): number => predictions.reduce((sum, prediction) => sum + reference.loss(prediction), 0);
      let largest = 0;
      for (const table of ['input', 'output'] as const)
        for (const [index, row] of reference.weights[table].entries())
          for (let i = 0; i < size; i++) {
            const value = row[i] as number;
            const at = (shift: number): number => {
              row[i] = value + shift;
              return loss();
            };
            const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
            row[i] = value;
            const place = index * size + i;
            const step = ((to[table][place] as number) - (from[table][place] as number)) / rate;
            expect(step).toBeCloseTo(-slope, 2);
            largest = Math.max(largest, Math.abs(slope));
          }
      expect(largest).toBeGreaterThan(0.1);
    });
});
