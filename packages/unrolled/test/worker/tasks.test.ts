// Labels of steps, the next token and bags in a worker: the same answers as on the caller's thread.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registry as here } from '../../src/index.ts';
import { openWorker, type RegistryWorker } from '../../src/worker.ts';

let there: RegistryWorker<typeof here>;
beforeAll(async () => {
  there = await openWorker();
});
afterAll(() => there.close());

const common = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 3 } } },
  layers: [{ use: 'lstm', with: { units: 4 } }],
  optimizer: { use: 'adam', with: { learningRate: 0.05 } },
  trainer: { use: 'bptt' },
  backend: { use: 'wasm' },
} as const;
const settings = { epochs: 3, batchSize: 4, seed: 2 };

it('labels steps by their own tokens, at once, as a stream and piece by piece', async () => {
  const manifest = { ...common, task: { use: 'many-to-many' } } as const;
  const data = Array.from({ length: 12 }, (_, index) => ({
    text: 'not what the tokens say',
    tokens: ['a', 'dog', "n't", 'runs'].slice(0, 2 + (index % 3)),
    labels: ['article', 'noun', 'particle', 'verb'].slice(0, 2 + (index % 3)),
  }));
  const [ours, theirs] = [here.pipeline(manifest), there.pipeline(manifest)];
  await ours.fit(data, { ...settings, classWeights: { noun: 2 } });
  await theirs.fit(data, { ...settings, classWeights: { noun: 2 } });
  const expected = await ours.predict(data);
  expect(expected[2]?.tokens).toEqual(['a', 'dog', "n't", 'runs']);
  expect(await theirs.predict(data)).toEqual(expected);
  const seen = [];
  for await (const prediction of theirs.predict(data.values())) seen.push(prediction);
  expect(seen).toEqual(expected);
  expect(await theirs.evaluate(data)).toEqual(await ours.evaluate(data));
  expect(theirs.info()).toEqual(ours.info());
  const first = await theirs.step({ tokens: ['a', 'dog'] });
  expect(first).toEqual(await ours.step({ tokens: ['a', 'dog'] }));
  expect(await theirs.step({ tokens: ["n't"] }, first.stream)).toEqual(
    await ours.step({ tokens: ["n't"] }, first.stream),
  );
  const { batch } = await theirs.anatomy();
  expect((await batch(data[2] as (typeof data)[number])).time).toBe(4);
  await expect(theirs.fit([{ text: 'a dog', labels: ['noun'] }])).rejects.toMatchObject({ code: 'LABELS_MISMATCH' });
  const loaded = await there.load<string, 'labels'>(await theirs.toFiles());
  expect(await loaded.predict(data)).toEqual(expected);
});

it('learns, predicts and writes the next token', async () => {
  const trainer = { use: 'truncated-bptt', with: { every: 3, window: 5 } } as const;
  const manifest = { ...common, trainer, task: { use: 'language-model' } } as const;
  const data = ['a dog runs', 'a cat sees a dog', 'dogs run'].map((text) => ({ text }));
  const [ours, theirs] = [here.pipeline(manifest), there.pipeline(manifest)];
  for (const pipeline of [ours, theirs])
    await pipeline.fit(data, { ...settings, batchSize: 2, stream: true, validation: 0.3 });
  expect(await theirs.predict(['a', 'a dog'])).toEqual(await ours.predict(['a', 'a dog']));
  expect(await theirs.evaluate(data)).toEqual(await ours.evaluate(data));
  expect(await theirs.step('a cat')).toEqual(await ours.step('a cat'));
  const drawing = { seed: 4, maximumLength: 12, temperature: 1.5 };
  const run = theirs.generate('a', drawing);
  const tokens = [];
  for await (const { token } of run) if (token !== undefined) tokens.push(token);
  expect(await run).toEqual(await ours.generate('a', drawing));
  expect((await run).tokens).toEqual(tokens);
  await expect(theirs.generate('a', { topK: 0 })).rejects.toMatchObject({ code: 'SETTING_INVALID' });
  for (const wrong of [{ top_k: 1 }, 5, null])
    for (const model of [ours, theirs])
      expect(() => model.generate('a', wrong as never)).toThrow(
        expect.objectContaining({ code: 'SETTING_INVALID', message: expect.stringMatching(/ of generate/) }) as Error,
      );
  const controller = new AbortController();
  const endless = theirs.generate('', { temperature: 5, maximumLength: 1_000_000, signal: controller.signal });
  for await (const _ of endless) controller.abort();
  expect((await endless).tokens.length).toBeLessThan(1000);
});

it('classifies bags', async () => {
  const manifest = {
    ...common,
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'bag-of-ngrams' } },
    layers: [],
    task: { use: 'linear' },
  } as const;
  const data = [
    { text: 'sun and sun', label: 'dry' },
    { text: 'rain', label: 'wet' },
    { text: 'rain and sun', label: 'wet' },
  ];
  const [ours, theirs] = [here.pipeline(manifest), there.pipeline(manifest)];
  for (const pipeline of [ours, theirs]) await pipeline.fit(data, settings);
  expect(await theirs.predict('rain rain')).toEqual(await ours.predict('rain rain'));
  expect(await theirs.evaluate(data, { shuffleSteps: 1 })).toEqual(await ours.evaluate(data));
  for (const model of [ours, theirs])
    await expect(model.evaluate(data, { shufleSteps: 1 } as never)).rejects.toMatchObject({
      code: 'SETTING_INVALID',
      message: '"shufleSteps" is not a setting of evaluate. Did you mean "shuffleSteps"?',
    });
  await expect(theirs.step('rain')).rejects.toMatchObject({ code: 'NETWORK_DOES_NOT_STREAM' });
});

it('learns numbers', async () => {
  const manifest = { ...common, input: { vectorizer: { use: 'numeric' } }, task: { use: 'regression' } } as const;
  const data = Array.from({ length: 12 }, (_, index) => ({
    values: [[index % 3], [index % 4]],
    number: 100 * (index % 3) + (index % 4),
  }));
  const typed = data.map(({ values, number }) => ({ values: values.map((row) => Float32Array.from(row)), number }));
  const [ours, theirs] = [here.pipeline(manifest), there.pipeline(manifest)];
  const [expected, history] = [await ours.fit(data, settings), await theirs.fit(typed, settings)];
  expect(theirs.info().dataHash).toBe(ours.info().dataHash);
  expect(history.report).toEqual(expected.report);
  expect(history.epochs.map(({ loss }) => loss)).toEqual(expected.epochs.map(({ loss }) => loss));
  expect(await theirs.predict(data)).toEqual(await ours.predict(data));
  expect(await theirs.evaluate(data)).toEqual(await ours.evaluate(data));
  expect(theirs.info()).toEqual(ours.info());
  expect(await theirs.step({ values: [[2]] })).toEqual(await ours.step({ values: [[2]] }));
  const targets = async (pipeline: typeof ours) =>
    (await (await pipeline.anatomy()).batch(data[0] as object, 7)).targets;
  expect(await targets(theirs)).toEqual(await targets(ours));
  await expect(theirs.fit([{ values: [[1]] }])).rejects.toMatchObject({ code: 'NUMBER_MISSING' });
  const image = { width: 2, height: 2, channels: 1 };
  for (const model of [ours, theirs])
    await expect(model.predict({ values: [[1], [2]], image })).rejects.toMatchObject({ code: 'EXAMPLE_INVALID' });
  const loaded = await there.load<string, 'number'>(await theirs.toFiles());
  expect(await loaded.predict(data)).toEqual(await ours.predict(data));
});
