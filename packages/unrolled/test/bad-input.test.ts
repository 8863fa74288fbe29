// What goes wrong, each as one error with a code, its place and a way to mend it; nothing is lost by it.
import { describe, expect, it } from 'vitest';
import { createPipeline, createRegistry, type Example, memoryCheckpoints } from '../src/index.ts';
import { bytesOf, manifest, pipeline, registry, reviews } from './support.ts';

const code = (expected: string, message = '') => ({ code: expected, message: expect.stringContaining(message) });

describe('data that can not be learned from', () => {
  const wrong: [string, unknown, string, string][] = [
    ['no examples', [], 'DATA_EMPTY', 'There are no examples.'],
    ['nothing iterable', 3, 'DATA_INVALID', 'must be an array or another iterable, but 3 was given'],
    ['a text', 'good', 'DATA_INVALID', 'but "good" was given'],
    [
      'one label',
      reviews(9).filter(({ label }) => label === 'positive'),
      'DATA_ONE_CLASS',
      'the only label in 6 examples is "positive"',
    ],
    ['an empty text', [...reviews(4), { text: '', label: 'positive' }], 'EXAMPLE_EMPTY', 'Example 5 has an empty'],
    [
      'an all-whitespace text with an origin',
      [{ text: ' \n\u3000', label: 'positive', origin: 'a.csv line 2' }],
      'EXAMPLE_EMPTY',
      'a.csv line 2 has an empty or all-whitespace text.',
    ],
    ['no label', [{ text: 'good' }], 'LABEL_MISSING', 'Example 1 has no label.'],
    ['a label that is no text', [{ text: 'good', label: 1 }], 'EXAMPLE_INVALID', 'Write it as "1".'],
    ['no text', [{ label: 'positive' }], 'EXAMPLE_INVALID', 'Example 1 has no text'],
    ['null', [null], 'EXAMPLE_INVALID', 'Example 1'],
    [
      'no token left',
      [
        { text: '!', label: 'a' },
        { text: '?', label: 'b' },
      ],
      'DATA_EMPTY',
      'no token is left',
    ],
  ];
  it.each(wrong)('%s', async (_, data, expected, message) => {
    const small = pipeline();
    await expect(small.fit(data as Example[])).rejects.toMatchObject(code(expected, message));
    await expect(small.predict('good')).rejects.toMatchObject(code('NOT_FITTED'));
    await expect(small.fit(reviews(12), { epochs: 1 })).resolves.toMatchObject({ stopped: 'finished' });
  });

  it('labels that the manifest does not know, or that no example has', async () => {
    const labels = (names: string[]) => pipeline({ target: { labels: names } });
    await expect(labels(['positive', 'neutral']).fit(reviews(9))).rejects.toMatchObject(
      code('LABEL_UNKNOWN', 'Example 1 has the label "negative", which is not known.'),
    );
    await expect(labels(['positive', 'negative', 'neutral']).fit(reviews(9))).rejects.toMatchObject(
      code('LABEL_UNSEEN', 'target.labels names "neutral", but no example has it.'),
    );
    const validation = [{ text: 'good', label: 'neutral' }];
    await expect(pipeline().fit(reviews(9), { validation })).rejects.toMatchObject(code('LABEL_UNKNOWN', '"neutral"'));
  });

  it('leaves empty texts out where it is told to, and counts them', async () => {
    const data = [...reviews(12), { text: ' ', label: 'positive' }];
    const { report } = await pipeline().fit(data, { epochs: 1, emptyText: 'skip' });
    expect(report).toMatchObject({ skipped: 1, training: { examples: 12 } });
    await expect(pipeline().fit([{ text: '', label: 'a' }], { emptyText: 'skip' })).rejects.toMatchObject(
      code('DATA_EMPTY', 'Of 1 example none has a text or a step.'),
    );
  });

  it('passes on what the source itself throws', async () => {
    function* broken(): Generator<Example> {
      yield* reviews(3);
      throw new RangeError('line 4 is not UTF-8');
    }
    await expect(pipeline().fit(broken())).rejects.toThrow(RangeError);
  });

  it('counts examples of which no token is left, and learns without them', async () => {
    const data = reviews(12);
    const { report } = await pipeline().fit([...data, { text: '...', label: 'positive' }], { epochs: 1, batchSize: 4 });
    expect(report.training).toMatchObject({ examples: 13, empty: 1 });
  });
});

describe('settings and pieces that do not fit', () => {
  it('are refused before anything starts', () => {
    const refused = (settings: object, message: string) =>
      expect(() => pipeline().fit(reviews(9), settings)).toThrow(message);
    refused({ epoch: 1 }, 'Did you mean "epochs"?');
    refused({ validation: 2 }, '"validation" must be a share');
    const { trainer: _, ...rest } = manifest();
    const without = createPipeline(registry.resolve(rest));
    expect(() => without.fit(reviews(9))).toThrow('The manifest names no trainer, so there is no way to learn.');
  });

  it('a threshold for three labels', async () => {
    const data = [...reviews(9), { text: 'so', label: 'mixed' }];
    await expect(pipeline().fit(data, { threshold: 0.5 })).rejects.toMatchObject(code('SETTING_INVALID', 'two labels'));
  });

  it('no loss for labels', async () => {
    const lossless = createRegistry(registry.plugins.filter(({ kind }) => kind !== 'loss'));
    await expect(createPipeline(lossless.resolve(manifest())).fit(reviews(9))).rejects.toMatchObject(
      code('PLUGIN_MISSING', 'npm install @unrolled/losses'),
    );
  });
});

describe('training that diverges', () => {
  const wild = { optimizer: { use: 'sgd', with: { learningRate: 1e200 } } };

  it('stops, says where, and brings the last good weights back', async () => {
    const calm = pipeline();
    await calm.fit(reviews(24), { epochs: 1 });
    const small = pipeline(wild);
    const error = await small.fit(reviews(24), { epochs: 3, batchSize: 8 }).catch((reason) => reason);
    expect(error).toMatchObject(code('TRAINING_DIVERGED', 'in epoch 1, batch'));
    expect(error.message).toContain('at learning rate 1e+200');
    expect(error.message).toContain('The weights are again those after 0 updates');
    expect(error.message).toContain('Lower the learning rate');
    expect(error.data).toMatchObject({ epoch: 1, restored: 0, checkpoint: undefined });
    await expect(small.predict('good')).rejects.toMatchObject(code('NOT_FITTED'));
  });

  it.each([
    [1e30, 'Numbers of the input reach 1e+30: bring them near 1'],
    [1e300, 'Numbers of the input are too large for float32: bring them near 1'],
    [1, undefined],
  ])('names numbers of the input that are very large: %d', async (size, message) => {
    const values = [[size], [1]];
    const data = ['positive', 'negative'].map((label) => ({ values, label }));
    const small = pipeline({ ...wild, input: { vectorizer: { use: 'numeric' } } });
    const error = await small.fit(data, { epochs: 9 }).catch((reason) => reason);
    expect(error).toMatchObject(code('TRAINING_DIVERGED', 'Lower the learning rate'));
    if (message) expect(error.mend).toContain(message);
    else expect(error.mend).not.toContain('of the input');
  });

  it('keeps the last checkpoint, and the weights of the last good epoch', async () => {
    const store = memoryCheckpoints();
    const settings = { epochs: 1, batchSize: 8, seed: 4 };
    const schedule = { use: 'adam', with: { learningRate: 0.01 } };
    const calm = pipeline({ optimizer: schedule });
    await calm.fit(reviews(24), settings);
    const good = (await bytesOf(calm))['weights.safetensors'];
    // A rate that turns wild after the first epoch.
    const resolved = registry.resolve(manifest({ optimizer: schedule }));
    const optimizer = resolved.optimizer as NonNullable<typeof resolved.optimizer>;
    const plugin = {
      ...optimizer.plugin,
      learningRate: (options: unknown, update: number, updates: number) =>
        update < 3 ? optimizer.plugin.learningRate(options, update, updates) : 1e200,
    };
    const small = createPipeline({ ...resolved, optimizer: { ...optimizer, plugin } });
    const error = await small
      .fit(reviews(24), { ...settings, epochs: 3, checkpoint: { to: store } })
      .catch((reason) => reason);
    expect(error).toMatchObject(code('TRAINING_DIVERGED', 'The last checkpoint in checkpoints in memory was kept.'));
    expect(error.data).toMatchObject({ epoch: 2, restored: 3, checkpoint: 'checkpoints in memory' });
    expect((await bytesOf(small))['weights.safetensors']).toBe(good);
    const kept = JSON.parse(new TextDecoder().decode((await store.read())?.get('checkpoint.json')));
    expect(kept.state).toMatchObject({ epoch: 1, updates: 3 });
  });

  it('leaves the model of an earlier fit alone where nothing was learned', async () => {
    const small = pipeline();
    await small.fit(reviews(24), { epochs: 1 });
    const before = await bytesOf(small);
    await expect(small.fit([])).rejects.toMatchObject(code('DATA_EMPTY'));
    expect(await bytesOf(small)).toEqual(before);
    const aborted = AbortSignal.abort();
    await expect(small.fit(reviews(24), { signal: aborted })).rejects.toMatchObject(code('RUN_STOPPED'));
    expect(await bytesOf(small)).toEqual(before);
    expect((await small.predict('good')).label).toBeDefined();
  });
});
