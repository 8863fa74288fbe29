// Does order matter? Three classifiers, of which one sees order, each on examples as they are and with their steps shuffled.
import { collectExamples, type Pipeline } from '@unrolled/core';
import { bagClassifier, type Parts, type Training, trainClassifier } from './classify.ts';
import { type ExampleContext, type ExampleReport, limited, loadData, type ShippedExample } from './example.ts';
import { registry } from './registry.ts';
import { type Spread, spreadOver, spreadText } from './spread.ts';

/** The lecture's first claim as an experiment: bag, perceptron on the mean embedding, LSTM; over five seeds; reported as found. */
export const order: ShippedExample = {
  name: 'order',
  summary:
    'does order matter? A bag, a mean and an LSTM, with steps in order and shuffled (15 trainings of each data set)',
  data: ['@unrolled/dataset-movie-reviews', '@unrolled/dataset-names-nationality', '@unrolled/dataset-long-memory'],
  run,
};

const SEEDS = 5;

/** One data set, and the sizes and epochs that suit it. */
interface Subject {
  readonly title: string;
  readonly load: () => Promise<Parts>;
  readonly unit: 'words' | 'characters';
  readonly embedding: number;
  readonly minimumCount: number;
  readonly dropout: number;
  readonly epochs: Readonly<Record<ModelName, number>>;
}

/** A classifier: `bag` and `mean` can't use order. */
type ModelName = 'bag' | 'mean' | 'lstm';

const subjects: Readonly<Record<string, Subject>> = {
  reviews: {
    title: 'sentiment of sentences from movie reviews (words)',
    load: loadReviews,
    unit: 'words',
    embedding: 100,
    minimumCount: 2,
    dropout: 0.5,
    epochs: { bag: 4, mean: 4, lstm: 3 },
  },
  names: {
    title: 'nationality of names (characters)',
    load: loadNames,
    unit: 'characters',
    embedding: 32,
    minimumCount: 1,
    dropout: 0.2,
    epochs: { bag: 10, mean: 10, lstm: 6 },
  },
  synthetic: {
    title: 'which of two letters comes first (made so that only order tells)',
    load: loadSynthetic,
    unit: 'words',
    embedding: 16,
    minimumCount: 1,
    dropout: 0,
    epochs: { bag: 5, mean: 5, lstm: 10 },
  },
};

const titles: Readonly<Record<ModelName, string>> = {
  bag: 'bag (logistic regression)',
  mean: 'mean embedding (perceptron)',
  lstm: 'two-way LSTM',
};

async function run(context: ExampleContext): Promise<ExampleReport> {
  const measures: Record<string, Readonly<Record<ModelName, Finding>>> = {};
  const loaded = new Map<string, Parts>();
  // All data first, so that what is not installed is said at once.
  for (const [name, { load }] of Object.entries(subjects)) loaded.set(name, await load());
  for (const [name, subject] of Object.entries(subjects)) {
    const { train, test } = loaded.get(name) as Parts;
    const found = await measureSubject(
      name,
      subject,
      { train: limited(train, context), test: limited(test, context) },
      context,
    );
    measures[name] = found;
    context.print(`${subject.title}, mean ± deviation of ${SEEDS} seeds:`);
    for (const [model, { ordered, shuffled }] of Object.entries(found))
      context.print(
        `  ${titles[model as ModelName].padEnd(28)} in order ${spreadText(ordered)}, shuffled ${spreadText(shuffled)}`,
      );
  }
  return { name: 'order', measures };
}

/** Of one classifier. */
type Finding = {
  /** On examples as they are. */
  readonly ordered: Spread;
  /** On the same with their steps shuffled. */
  readonly shuffled: Spread;
};

async function measureSubject(
  name: string,
  subject: Subject,
  { train, test }: Parts,
  context: ExampleContext,
): Promise<Readonly<Record<ModelName, Finding>>> {
  const measure = async (model: ModelName): Promise<Finding> => {
    const ordered: number[] = [];
    const shuffled: number[] = [];
    for (let run = 0; run < SEEDS; run++) {
      const seed = context.seed + run;
      const training: Training = { epochs: subject.epochs[model] };
      const title = `${name}, ${titles[model]}, seed ${seed}`;
      const pipeline = classifier(model, subject);
      await trainClassifier(title, pipeline, train, training, { ...context, seed });
      ordered.push((await pipeline.evaluate(test)).accuracy);
      shuffled.push((await pipeline.evaluate(test, { shuffleSteps: seed })).accuracy);
      pipeline.dispose();
    }
    return { ordered: spreadOver(ordered), shuffled: spreadOver(shuffled) };
  };
  return { bag: await measure('bag'), mean: await measure('mean'), lstm: await measure('lstm') };
}

function classifier(model: ModelName, { unit, embedding, minimumCount, dropout }: Subject): Pipeline<string> {
  if (model === 'bag') return bagClassifier(unit, 1);
  const common = {
    input: { tokenizer: { use: unit }, vectorizer: { use: 'embedding', with: { size: embedding, minimumCount } } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  } as const;
  if (model === 'mean')
    return registry.pipeline({
      ...common,
      layers: [],
      task: { use: 'many-to-one', with: { pool: 'mean', hidden: 64, dropout } },
      optimizer: { use: 'adam', with: { learningRate: 0.003 }, clip: { norm: 1 } },
    });
  return registry.pipeline({
    ...common,
    layers: [{ use: 'lstm', with: { units: 64 }, direction: 'both', dropout: { input: dropout } }],
    task: { use: 'many-to-one', with: { pool: 'max', dropout } },
    optimizer: { use: 'adam', with: { learningRate: 0.003 }, clip: { norm: 1 } },
  });
}

async function loadReviews(): Promise<Parts> {
  const data = await loadData('@unrolled/dataset-movie-reviews', () => import('@unrolled/dataset-movie-reviews'));
  return { train: await data.movieReviewsTrain(), test: await data.movieReviewsHeldout() };
}

async function loadNames(): Promise<Parts> {
  const data = await loadData(
    '@unrolled/dataset-names-nationality',
    () => import('@unrolled/dataset-names-nationality'),
  );
  return { train: await data.namesNationalityTrain(), test: await data.namesNationalityTest() };
}

async function loadSynthetic(): Promise<Parts> {
  const { longMemoryDataset } = await loadData(
    '@unrolled/dataset-long-memory',
    () => import('@unrolled/dataset-long-memory'),
  );
  const part = (split: 'train' | 'heldout') =>
    collectExamples(longMemoryDataset({ problem: 'order', length: 30, train: 2000, split }));
  return { train: await part('train'), test: await part('heldout') };
}
