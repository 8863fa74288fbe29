// Who says a vowel? Many-to-one over numbers, in sequences of different lengths.
import type { Pipeline } from '@unrolled/core';
import { measureClassifier, printShares } from './classify.ts';
import { type ExampleContext, type ExampleReport, limited, loadData, type ShippedExample } from './example.ts';
import { registry } from './registry.ts';
import { summariesOf, summaryClassifier } from './summaries.ts';

/** Speakers by how they say two vowels, beside what mean and spread of each coefficient tell. */
export const vowels: ShippedExample = {
  name: 'vowels',
  summary: 'who of nine speakers says two vowels, by the sound (many-to-one over numbers)',
  data: ['@unrolled/dataset-japanese-vowels'],
  run,
};

async function run(context: ExampleContext): Promise<ExampleReport> {
  const { japaneseVowelsTrain, japaneseVowelsTest } = await loadData(
    '@unrolled/dataset-japanese-vowels',
    () => import('@unrolled/dataset-japanese-vowels'),
  );
  const parts = { train: limited(await japaneseVowelsTrain(), context), test: await japaneseVowelsTest() };
  const summaries = { train: summariesOf(parts.train), test: summariesOf(parts.test) };
  const summary = await measureClassifier('mean and spread', summaryClassifier(), summaries, { epochs: 100 }, context);
  const recurrent = await measureClassifier('two-way LSTM', network(), parts, { epochs: 60, batchSize: 16 }, context);
  printShares(
    { 'mean and spread of each coefficient (logistic regression)': summary, 'two-way LSTM': recurrent },
    context,
  );
  return { name: 'vowels', measures: { summary, recurrent } };
}

function network(): Pipeline<string> {
  return registry.pipeline({
    input: { vectorizer: { use: 'numeric', with: { scale: 'standardize' } } },
    layers: [{ use: 'lstm', with: { units: 64 }, direction: 'both', dropout: { input: 0.1 } }],
    task: { use: 'many-to-one', with: { pool: 'max', dropout: 0.5 } },
    optimizer: { use: 'adam', with: { learningRate: 0.003 }, clip: { norm: 5 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}
