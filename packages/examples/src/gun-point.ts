// Drawing a gun or pointing? Many-to-one over numbers where nothing but order tells.
import type { Pipeline } from '@unrolled/core';
import { measureClassifier, printShares } from './classify.ts';
import { type ExampleContext, type ExampleReport, limited, loadData, type ShippedExample } from './example.ts';
import { registry } from './registry.ts';
import { summariesOf, summaryClassifier } from './summaries.ts';

/** Movements of a hand, beside what mean and spread tell, which are the same for all of them. */
export const gunPoint: ShippedExample = {
  name: 'gun-point',
  summary: 'whether a hand draws a gun or points, by its movement (many-to-one over numbers; only order tells)',
  data: ['@unrolled/dataset-gun-point'],
  run,
};

async function run(context: ExampleContext): Promise<ExampleReport> {
  const { gunPointTrain, gunPointTest } = await loadData(
    '@unrolled/dataset-gun-point',
    () => import('@unrolled/dataset-gun-point'),
  );
  const parts = { train: limited(await gunPointTrain(), context), test: await gunPointTest() };
  const summaries = { train: summariesOf(parts.train), test: summariesOf(parts.test) };
  const summary = await measureClassifier('mean and spread', summaryClassifier(), summaries, { epochs: 100 }, context);
  const recurrent = await measureClassifier('two-way LSTM', network(), parts, { epochs: 100, batchSize: 10 }, context);
  printShares({ 'mean and spread (logistic regression)': summary, 'two-way LSTM': recurrent }, context);
  return { name: 'gun-point', measures: { summary, recurrent } };
}

function network(): Pipeline<string> {
  return registry.pipeline({
    input: { vectorizer: { use: 'numeric', with: { scale: 'standardize' } } },
    layers: [{ use: 'lstm', with: { units: 32 }, direction: 'both' }],
    task: { use: 'many-to-one', with: { pool: 'max' } },
    optimizer: {
      use: 'adam',
      with: { learningRate: 0.005, schedule: { kind: 'cosine', final: 0.02 } },
      clip: { norm: 1 },
    },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}
