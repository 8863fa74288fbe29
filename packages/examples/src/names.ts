// Where is a name from? Many-to-one over characters.
import type { Pipeline } from '@unrolled/core';
import { bagClassifier, measureClassifier, printShares } from './classify.ts';
import { type ExampleContext, type ExampleReport, limited, loadData, type ShippedExample } from './example.ts';
import { registry } from './registry.ts';

/** The nationality of a name by its spelling, beside what the letters alone tell without their order. */
export const names: ShippedExample = {
  name: 'names',
  summary: 'where a name is from, by its spelling (many-to-one, 19 nationalities)',
  data: ['@unrolled/dataset-names-nationality'],
  run,
};

async function run(context: ExampleContext): Promise<ExampleReport> {
  const { namesNationalityTrain, namesNationalityTest } = await loadData(
    '@unrolled/dataset-names-nationality',
    () => import('@unrolled/dataset-names-nationality'),
  );
  const parts = { train: limited(await namesNationalityTrain(), context), test: await namesNationalityTest() };
  const bags = { epochs: 10 };
  const letters = await measureClassifier('letters', bagClassifier('characters', 1), parts, bags, context);
  const ngrams = await measureClassifier('n-grams', bagClassifier('characters', 4), parts, bags, context);
  const recurrent = await measureClassifier('two-way LSTM', network(), parts, { epochs: 12 }, context);
  printShares(
    {
      'letters without their order (logistic regression)': letters,
      'runs of 1 to 4 letters (logistic regression)': ngrams,
      'two-way LSTM': recurrent,
    },
    context,
  );
  return { name: 'names', measures: { letters, ngrams, recurrent } };
}

function network(): Pipeline<string> {
  return registry.pipeline({
    input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: 32, initialRange: 1 } } },
    layers: [{ use: 'lstm', with: { units: 96 }, direction: 'both', dropout: { input: 0.1 } }],
    task: { use: 'many-to-one', with: { pool: 'max', dropout: 0.4 } },
    optimizer: {
      use: 'adam',
      with: { learningRate: 0.004, schedule: { kind: 'cosine', final: 0.02 } },
      clip: { norm: 5 },
    },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}
