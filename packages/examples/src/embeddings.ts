// Do word vectors from text without labels help where labels are few? Many-to-one over words, from three beginnings.
import { wasm } from '@unrolled/backend-wasm';
import { lstm } from '@unrolled/cell-lstm';
import { createRegistry, type Example, type Json, type Pipeline } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
import { manyToOne } from '@unrolled/task-many-to-one';
import { words, wordsTokenizer } from '@unrolled/tokenizer-words';
import { bptt } from '@unrolled/trainer-bptt';
import { embedding, pretrainedEmbedding } from '@unrolled/vectorizer-embedding';
import { trainWord2Vec } from '@unrolled/vectorizer-word2vec';
import { type KeyedVectors, type Spread, spreadOf } from '@unrolled/word-vectors';
import type { Parts } from './classify.ts';
import { type ExampleContext, type ExampleReport, follow, limited, loadData, type ShippedExample } from './example.ts';

/** Sentiment of reviews where the embedding begins with vectors of Word2Vec, beside the same network where it is drawn. */
export const embeddings: ShippedExample = {
  name: 'embeddings',
  summary: 'positive or negative reviews, from few labels on, with and without Word2Vec (many-to-one over words)',
  data: ['@unrolled/dataset-movie-reviews'],
  run,
};

/** How many reviews have a label, and the passes over them: fewer reviews need more. */
const sizes = [
  { labelled: 500, epochs: 20 },
  { labelled: 2000, epochs: 10 },
  { labelled: Infinity, epochs: 6 },
];
const seeds = 5;
/** Of a vector of a word. */
const size = 50;

/** What the embedding begins with, by its title. */
const beginnings = { drawn: 'drawn', tuned: 'Word2Vec', frozen: 'Word2Vec, frozen' } as const;

type Beginning = keyof typeof beginnings;

/** Shares of right answers on the test part, over the seeds. */
interface Measured extends Spread {
  /** Of each seed. */
  readonly shares: readonly number[];
}

async function run(context: ExampleContext): Promise<ExampleReport> {
  const { movieReviewsTrain, movieReviewsHeldout } = await loadData(
    '@unrolled/dataset-movie-reviews',
    () => import('@unrolled/dataset-movie-reviews'),
  );
  const [reviews, test] = [limited(await movieReviewsTrain(), context), await movieReviewsHeldout()];
  const vectors = await vectorsOf(reviews, context);
  context.print(`Right of ${test.length} held-out reviews, mean ± standard deviation over ${seeds} seeds:`);
  context.print(row('labelled reviews', Object.values(beginnings)));
  const measures: Record<string, Json> = { words: vectors.words.length };
  for (const { labelled, epochs } of sizes) {
    if (labelled !== Infinity && labelled >= reviews.length) continue;
    const parts = { train: limited(reviews, { ...context, limit: labelled }), test };
    const measured = await measureBeginnings(parts, vectors, { ...context, epochs: context.epochs ?? epochs });
    context.print(row(String(parts.train.length), Object.values(measured).map(shareLine)));
    measures[parts.train.length] = measured as unknown as Json;
  }
  return { name: 'embeddings', measures };
}

/**
 * Word2Vec on the texts alone. The window is the whole review: words of one review mostly agree in sentiment, where near
 * neighbours say more of grammar (a window of 5 words gains little here).
 */
async function vectorsOf(reviews: readonly Example[], context: ExampleContext): Promise<KeyedVectors> {
  const { seed, signal, progress } = context;
  const texts = reviews.map(({ text = '' }) => text);
  const training = trainWord2Vec(texts, {
    tokenizer: wordsTokenizer(),
    size,
    minimumCount: 2,
    window: 30,
    dynamicWindow: false,
    epochs: 20,
    seed,
    ...(signal && { signal }),
  });
  for await (const { epoch, epochs } of training) progress?.(`Word2Vec: epoch ${epoch}/${epochs}`);
  return (await training).vectors;
}

async function measureBeginnings(
  parts: Parts,
  vectors: KeyedVectors,
  context: ExampleContext & { readonly epochs: number },
): Promise<Record<Beginning, Measured>> {
  const measure = async (beginning: Beginning): Promise<Measured> => {
    const shares: number[] = [];
    for (let index = 0; index < seeds; index++) {
      const title = `${parts.train.length} labelled, ${beginnings[beginning]}, seed ${context.seed + index}`;
      const seeded = { ...context, seed: context.seed + index };
      shares.push(await measureNetwork(title, network(beginning, vectors), parts, seeded));
    }
    return { ...spreadOf(shares), shares };
  };
  return { drawn: await measure('drawn'), tuned: await measure('tuned'), frozen: await measure('frozen') };
}

/** Of all epochs the one counts that is most often right on a tenth of the labelled reviews, which is not learned from. */
async function measureNetwork(
  title: string,
  pipeline: Pipeline<string>,
  { train, test }: Parts,
  context: ExampleContext & { readonly epochs: number },
): Promise<number> {
  const { seed, epochs, signal } = context;
  try {
    const training = pipeline.fit(train, {
      epochs,
      seed,
      validation: 0.1,
      earlyStopping: { monitor: 'accuracy', patience: epochs },
      ...(signal && { signal }),
    });
    const history = await follow(title, training, context);
    await context.trained?.({ title, pipeline, train, test, history });
    return (await pipeline.evaluate(test)).accuracy;
  } finally {
    pipeline.dispose();
  }
}

function network(beginning: Beginning, vectors: KeyedVectors): Pipeline<string> {
  const vectorizer = beginning === 'drawn' ? embedding : pretrainedEmbedding(vectors);
  const plugins = [words, vectorizer, lstm, manyToOne, categoricalCrossEntropy, adam, bptt, wasm] as const;
  return createRegistry(plugins).pipeline({
    input: {
      tokenizer: { use: 'words' },
      vectorizer: { use: 'embedding', with: { size, minimumCount: 2, frozen: beginning === 'frozen' } },
    },
    layers: [{ use: 'lstm', with: { units: 32 }, dropout: { input: 0.5 } }],
    task: { use: 'many-to-one', with: { pool: 'max', dropout: 0.5 } },
    optimizer: { use: 'adam', with: { learningRate: 0.003 }, clip: { norm: 1 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}

function row(first: string, cells: readonly string[]): string {
  return [first.padEnd(16), ...cells.map((cell) => cell.padStart(17))].join('');
}

function shareLine({ mean, deviation }: Measured): string {
  return `${(100 * mean).toFixed(1)}% ± ${(100 * deviation).toFixed(1)}`;
}
