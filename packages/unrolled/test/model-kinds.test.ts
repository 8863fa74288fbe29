// Models of every kind of task as files: they come back, and a mangled one is named, never run.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createPipeline,
  createRegistry,
  type Example,
  isUnrolledError,
  type Json,
  type Model,
  type ModelInput,
  registry,
} from '../src/index.ts';

interface Kind {
  readonly changes: Readonly<Record<string, Json>>;
  readonly data: readonly Example[];
  readonly input: ModelInput;
}

const words = { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 2 } } };
const layers = [{ use: 'vanilla', with: { units: 3 } }];

const kinds: Readonly<Record<string, Kind>> = {
  labels: {
    changes: {
      input: words,
      layers: [{ use: 'vanilla', with: { units: 2 }, residual: true }],
      task: { use: 'many-to-many' },
    },
    data: [
      { text: 'the cat', labels: ['article', 'noun'] },
      { text: 'a dog', labels: ['article', 'noun'] },
    ],
    input: 'the dog',
  },
  next: {
    changes: { input: words, layers, task: { use: 'language-model' } },
    data: [{ text: 'the cat sees a dog' }, { text: 'a dog' }],
    input: 'the dog',
  },
  bag: {
    changes: {
      input: { tokenizer: { use: 'words' }, vectorizer: { use: 'bag-of-ngrams' } },
      layers: [],
      task: { use: 'linear' },
    },
    data: [
      { text: 'sun sun', label: 'dry' },
      { text: 'rain', label: 'wet' },
    ],
    input: 'rain and sun',
  },
  number: {
    changes: { input: words, layers, task: { use: 'regression', with: { pool: 'mean' } } },
    data: [
      { text: 'the cat sees a dog', number: 3.5 },
      { text: 'a dog', number: -1 },
    ],
    input: 'the dog',
  },
  sequence: {
    changes: {
      input: words,
      target: words,
      encoder: { layers: [{ use: 'vanilla', with: { units: 2 }, direction: 'both' }] },
      decoder: { layers },
      attention: { use: 'additive', with: { units: 3 } },
      task: { use: 'encoder-decoder' },
    },
    data: [
      { text: 'one two', target: 'um dois' },
      { text: 'two', target: 'dois' },
    ],
    input: 'two one',
  },
};

const wrongs = [undefined, null, 'zzz', -1, 1.5, [], {}, 1e15];

describe.each(Object.entries(kinds))('a model of kind %s', (name, { changes, data, input }) => {
  let files: ReadonlyMap<string, Uint8Array>;
  let expected: unknown;
  let head: Record<string, unknown>;
  /** The model with some of its manifest changed, loaded. */
  const load = (changed: unknown, others: readonly (readonly [string, Uint8Array])[] = []): Promise<Model> => {
    const bytes = new TextEncoder().encode(JSON.stringify(changed));
    return registry.load(new Map([...files, ['manifest.json', bytes], ...others]));
  };
  beforeAll(async () => {
    const parts = { optimizer: { use: 'adam' }, trainer: { use: 'bptt' }, backend: { use: 'reference' } };
    const pipeline = createPipeline(registry.resolve({ ...parts, ...changes }));
    await pipeline.fit(data, { epochs: 1 });
    files = await pipeline.toFiles();
    expected = await pipeline.predict(input);
    head = JSON.parse(new TextDecoder().decode(files.get('manifest.json')));
    delete head.checksum;
  });

  it('comes back with nothing but its tokenizers, vectorizers and backend', async () => {
    const needed = registry.plugins.filter(({ kind }) => ['tokenizer', 'vectorizer', 'backend'].includes(kind));
    const model = await createRegistry(needed).load(files);
    expect(await model.predict(input)).toEqual(expected);
    expect((await model.evaluate(data)).loss).toBeGreaterThan(0);
    model.dispose();
    expect(await (await load(head)).predict(input)).toEqual(expected);
  });

  it('is refused, or answers, wherever its manifest is mangled', async () => {
    const places: [holder: Record<string, unknown>, key: string, path: string][] = [];
    const visit = (holder: Record<string, unknown>, path: string) => {
      for (const key of Object.keys(holder)) {
        places.push([holder, key, `${path}.${key}`]);
        const value = holder[key];
        if (typeof value === 'object' && value !== null) visit(value as Record<string, unknown>, `${path}.${key}`);
      }
    };
    const { manifest: _, settings: __, metrics: ___, files: ____, ...rest } = head;
    visit(rest, '');
    expect(places.length).toBeGreaterThan(80);
    let refused = 0;
    for (const [index, [holder, key, path]] of places.entries()) {
      const whole = holder[key];
      // Each in turn, since all of them at every place take most of a minute.
      for (const wrong of wrongs.filter((_, turn) => (index + turn) % wrongs.length === 0)) {
        holder[key] = wrong;
        const model = await load({ ...head, ...rest })
          .then(async (loaded) => {
            await loaded.predict(input);
            return loaded;
          })
          .catch((error) => {
            expect(isUnrolledError(error), `${path} = ${JSON.stringify(wrong)}: ${error.stack}`).toBe(true);
            refused += 1;
          });
        model?.dispose();
      }
      holder[key] = whole;
    }
    expect(refused).toBeGreaterThan(places.length / 2);
  });

  it('is no model of another kind', async () => {
    const own = head.learns;
    for (const learns of [undefined, 'labels', 'next', 'sequence', 'number'])
      if (learns !== own)
        await expect(load({ ...head, learns }), String(learns)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    await expect(load({ ...head, learns: 'everything' })).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  it('needs the vocabulary that its network was made for', async () => {
    const other = createPipeline(
      registry.resolve({
        ...changes,
        optimizer: { use: 'adam' },
        trainer: { use: 'bptt' },
        backend: { use: 'reference' },
      }),
    );
    const more = data.map((example) => ({
      ...example,
      text: `${example.text} more of it`,
      ...(example.labels && { labels: [...example.labels, 'noun', 'noun', 'noun'] }),
    }));
    await other.fit(more, { epochs: 1 });
    const vocabulary = (await other.toFiles()).get('vocabulary.json') as Uint8Array;
    const { files: sums, ...unsealed } = head;
    expect(sums).toBeDefined();
    await expect(load(unsealed, [['vocabulary.json', vocabulary]])).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    const text = (from: string) => new TextEncoder().encode(from);
    for (const broken of ['{}', '[]', '{"input":{},"target":{}}', 'null'])
      await expect(load(unsealed, [['vocabulary.json', text(broken)]]), name).rejects.toMatchObject({
        code: 'MODEL_CORRUPT',
      });
  });
});
