// Stop words, accents and stems in a pipeline: they are plain data of the model, which reads texts as it did when it was trained.
import { stems } from '@unrolled/tokenizer-stems';
import { expect, test } from 'vitest';
import { createPipeline, type Json } from '../src/index.ts';
import { manifest, registry, reviews } from './support.ts';

const withStems = registry.with([stems]);

/** A trained pipeline and the model that its files hold. */
async function saved(tokenizer: Json) {
  const input = { tokenizer, vectorizer: { use: 'embedding', with: { size: 5 } } };
  const pipeline = createPipeline(withStems.resolve(manifest({ input })));
  await pipeline.fit(reviews(40), { epochs: 1, batchSize: 8 });
  return { pipeline, files: await pipeline.toFiles({ slim: true }) };
}

test('a model without stop words reads texts with and without them alike, also once it is loaded', async () => {
  const { pipeline, files } = await saved({
    use: 'words',
    with: { stopWords: ['the', 'is', 'l’été'], accents: 'fold' },
  });
  const model = await registry.load(files);
  const plain = await pipeline.predict('film great');
  expect(await model.predict(['The film is GREAT', "l'ete film, l'été gréat"])).toEqual([plain, plain]);
  const vocabulary = JSON.parse(new TextDecoder().decode(files.get('vocabulary.json')));
  expect(JSON.stringify(vocabulary)).not.toContain('"the"');
});

test('a model of stems reads other forms of a word alike; where stems are missing, it says what to install', async () => {
  const { files } = await saved({ use: 'stems', with: { language: 'english' } });
  const model = await withStems.load(files);
  const [one, other] = await Promise.all([model.predict('great scenes'), model.predict('great scene')]);
  expect(one).toEqual(other);
  await expect(registry.load(files)).rejects.toMatchObject({
    code: 'PLUGIN_MISSING',
    message: expect.stringContaining('npm install @unrolled/tokenizer-stems'),
  });
});
