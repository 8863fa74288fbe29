// The task in a pipeline: an LSTM learns to add two marked numbers.
import { wasm } from '@unrolled/backend-wasm';
import { lstm } from '@unrolled/cell-lstm';
import { collectExamples, createRegistry } from '@unrolled/core';
import { longMemoryDataset } from '@unrolled/dataset-long-memory';
import { squaredError } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
import { bptt } from '@unrolled/trainer-bptt';
import { numeric } from '@unrolled/vectorizer-numeric';
import { expect, test } from 'vitest';
import { regression } from '../src/index.ts';

const registry = createRegistry([numeric, lstm, regression, squaredError, adam, bptt, wasm]);

test('adds two marked numbers far better than always answering their mean', async () => {
  const pipeline = registry.pipeline({
    input: { vectorizer: { use: 'numeric' } },
    layers: [{ use: 'lstm', with: { units: 16 } }],
    task: { use: 'regression' },
    optimizer: { use: 'adam', with: { learningRate: 0.02 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm', threads: 1 },
  });
  const problem = { problem: 'adding', length: 10, train: 400, heldout: 100 } as const;
  const examples = (split: 'train' | 'heldout') => collectExamples(longMemoryDataset({ ...problem, split }));
  await pipeline.fit(await examples('train'), { epochs: 12 });
  const { meanSquaredError, baseline } = await pipeline.evaluate(await examples('heldout'));
  expect(meanSquaredError).toBeLessThan(baseline.meanSquaredError / 2);
  expect(baseline.r2).toBeLessThan(0.05); // the mean of the training part is no better than that of this one
  pipeline.dispose();
});
