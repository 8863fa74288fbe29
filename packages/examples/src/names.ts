// Where is a name from? Many-to-one over characters.
import type { Example } from '@unrolled/core';
import {
  type ExampleContext,
  type ExampleReport,
  follow,
  limited,
  loadData,
  percent,
  type ShippedExample,
} from './example.ts';
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
  const [train, test] = [limited(await namesNationalityTrain(), context), await namesNationalityTest()];
  const letters = await measureBag(train, test, context);
  const recurrent = await measureNetwork(train, test, context);
  context.print(`letters without their order (logistic regression): ${percent(letters)} right`);
  context.print(`two-way LSTM: ${percent(recurrent)} right`);
  return { name: 'names', measures: { letters, recurrent } };
}

/** A bag of letters can't use order. */
async function measureBag(
  train: readonly Example[],
  test: readonly Example[],
  context: ExampleContext,
): Promise<number> {
  const pipeline = registry.pipeline({
    input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'bag-of-ngrams' } },
    layers: [],
    task: { use: 'linear' },
    optimizer: { use: 'adam', with: { learningRate: 0.01 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
  const { seed, signal } = context;
  await follow(
    'letters',
    pipeline.fit(train, { epochs: context.epochs ?? 10, seed, ...(signal && { signal }) }),
    context,
  );
  const { accuracy } = await pipeline.evaluate(test);
  pipeline.dispose();
  return accuracy;
}

async function measureNetwork(
  train: readonly Example[],
  test: readonly Example[],
  context: ExampleContext,
): Promise<number> {
  const pipeline = registry.pipeline({
    input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: 32 } } },
    layers: [{ use: 'lstm', with: { units: 64 }, direction: 'both' }],
    task: { use: 'many-to-one', with: { pool: 'max', dropout: 0.3 } },
    optimizer: { use: 'adam', with: { learningRate: 0.003 }, clip: { norm: 5 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
  const { seed, signal } = context;
  await follow(
    'two-way LSTM',
    pipeline.fit(train, { epochs: context.epochs ?? 6, seed, ...(signal && { signal }) }),
    context,
  );
  const { accuracy } = await pipeline.evaluate(test);
  pipeline.dispose();
  return accuracy;
}
