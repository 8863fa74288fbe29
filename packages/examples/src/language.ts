// English or Portuguese? The first hands-on: many-to-one over characters, in seconds.
import { collectExamples, type Pipeline } from '@unrolled/core';
import { bagClassifier, measureClassifier, printShares } from './classify.ts';
import { type ExampleContext, type ExampleReport, limited, loadData, type ShippedExample } from './example.ts';
import { registry } from './registry.ts';

/** The language of a short text by its spelling, beside what the letters alone tell without their order. */
export const language: ShippedExample = {
  name: 'language',
  summary: 'English or Portuguese, by spelling (many-to-one, in seconds: the first to try)',
  data: ['@unrolled/dataset-translation-en-pt'],
  run,
};

async function run(context: ExampleContext): Promise<ExampleReport> {
  const { englishOrPortugueseDataset } = await loadData(
    '@unrolled/dataset-translation-en-pt',
    () => import('@unrolled/dataset-translation-en-pt'),
  );
  const read = (split: 'train' | 'test') => collectExamples(englishOrPortugueseDataset({ split }));
  const parts = { train: limited(await read('train'), context), test: await read('test') };
  const letters = await measureClassifier('letters', bagClassifier('characters', 1), parts, { epochs: 5 }, context);
  const recurrent = await measureClassifier('LSTM', network(), parts, { epochs: 4 }, context);
  printShares({ 'letters without their order (logistic regression)': letters, LSTM: recurrent }, context);
  return { name: 'language', measures: { letters, recurrent } };
}

function network(): Pipeline<string> {
  return registry.pipeline({
    input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: 16 } } },
    layers: [{ use: 'lstm', with: { units: 64 } }],
    task: { use: 'many-to-one', with: { pool: 'max' } },
    optimizer: { use: 'adam', with: { learningRate: 0.01 }, clip: { norm: 5 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}
