// A pipeline with subwords is saved with its tokenizer, and loads where no tokenizer.json is.
import { subwords, trainBytePairEncoding } from '@unrolled/tokenizer-subwords';
import { createRegistry, embedding, fromFiles, registry, wasm } from 'unrolled';
import { expect, test } from 'vitest';

test('trains, saves, loads and predicts the same', async () => {
  const examples = ['good', 'very good', 'bad', 'so very bad', 'goodness', 'badly'].map((text) => ({
    text,
    label: text.includes('good') ? 'positive' : 'negative',
  }));
  const tokenizer = await trainBytePairEncoding(
    examples.map(({ text }) => text),
    { vocabularySize: 280 },
  );
  const pipeline = registry.with([subwords]).pipeline({
    input: { tokenizer: { use: 'subwords', with: { tokenizer } }, vectorizer: { use: 'embedding', with: { size: 4 } } },
    target: { labels: ['negative', 'positive'] },
    layers: [{ use: 'vanilla', with: { units: 4 } }],
    task: { use: 'many-to-one' },
    loss: { use: 'categorical-cross-entropy' },
    optimizer: { use: 'adam' },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
  await pipeline.fit(examples, { epochs: 2, batchSize: 3, seed: 1 });
  const files = await pipeline.toFiles({ slim: true });
  const model = await fromFiles(files, createRegistry([subwords, embedding, wasm]));
  for (const text of ['good', 'a bad 👍🏽 day', '\n?'])
    expect(await model.predict(text)).toEqual(await pipeline.predict(text));
});

test('a tokenizer that cannot be used is a wrong option', () => {
  const tokenizer = { model: { type: 'WordLevel', vocab: { good: 0 } } };
  const build = () =>
    registry.with([subwords]).pipeline({
      input: { tokenizer: { use: 'subwords', with: { tokenizer } }, vectorizer: { use: 'embedding' } },
      target: { labels: ['negative', 'positive'] },
      layers: [{ use: 'vanilla' }],
      task: { use: 'many-to-one' },
      loss: { use: 'categorical-cross-entropy' },
      optimizer: { use: 'adam' },
      trainer: { use: 'bptt' },
      backend: { use: 'wasm' },
    });
  expect(build).toThrow('option "tokenizer" can\'t be used: tokenizer.json: its model is "WordLevel"');
});
