// The same manifest runs on every backend by changing one word, and a model saved on one answers alike on another.
import { tfjs } from '@unrolled/backend-tfjs';
import {
  createPipeline,
  createRegistry,
  type Example,
  fromFiles,
  type Pipeline,
  type Prediction,
  registry,
} from 'unrolled';
import { beforeAll, expect, test } from 'vitest';
import { tfjsNode } from '../src/index.ts';

const all = registry.with([tfjs, tfjsNode]);
const backends = ['reference', 'wasm', 'tfjs', 'tfjs-node'] as const;
const words = ['the', 'film', 'is', 'a', 'plot', 'its', 'cast', 'story'];
const data: readonly Example[] = Array.from({ length: 48 }, (_, at) => {
  const label = at % 3 === 0 ? 'negative' : 'positive';
  const filler = words.slice(at % 5, 2 + (at % 7));
  return { text: [...filler, label === 'positive' ? 'superb' : 'dull', ...filler].join(' '), label };
});
const texts = data.map(({ text }) => text as string);

/** Everything but the backend is the same. */
function on(backend: string): Pipeline {
  const manifest = {
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 5 } } },
    layers: [{ use: 'lstm', with: { units: 6 }, direction: 'both', dropout: { input: 0.2 } }],
    task: { use: 'many-to-one', with: { pool: 'mean' } },
    optimizer: { use: 'adam', with: { learningRate: 0.02 }, clip: { norm: 1 } },
    trainer: { use: 'bptt' },
    backend: { use: backend },
  };
  return createPipeline(all.resolve(manifest));
}

const trained = new Map<string, Pipeline>();
const losses = new Map<string, readonly number[]>();

beforeAll(async () => {
  for (const backend of backends) {
    const pipeline = on(backend);
    const { epochs } = await pipeline.fit(data, { epochs: 4, batchSize: 8, seed: 2 });
    losses.set(
      backend,
      epochs.map(({ loss }) => loss),
    );
    trained.set(backend, pipeline);
  }
}, 300_000);

test.each(backends)('%s learns the same', async (backend) => {
  const wanted = losses.get('reference') as readonly number[];
  expect(wanted.at(-1)).toBeLessThan(0.7 * (wanted[0] as number));
  for (const [epoch, loss] of losses.get(backend)?.entries() ?? [])
    expect(loss).toBeCloseTo(wanted[epoch] as number, 3);
});

test.each(backends)('a model saved by %s answers alike on tfjs-node', async (backend) => {
  const model = trained.get(backend) as Pipeline;
  const wanted = await model.predict(texts);
  const loaded = await fromFiles(await model.toFiles(), all, { backend: 'tfjs-node' });
  expectAlike(await loaded.predict(texts), wanted);
});

test('a model saved by tfjs-node answers alike where that is not installed', async () => {
  const model = trained.get('tfjs-node') as Pipeline;
  const wanted = await model.predict(texts);
  const loaded = await fromFiles(await model.toFiles(), createRegistry(registry.plugins));
  expectAlike(await loaded.predict(texts), wanted);
});

function expectAlike(found: readonly Prediction[], wanted: readonly Prediction[]): void {
  expect(found.map(({ label }) => label)).toEqual(wanted.map(({ label }) => label));
  for (const [at, { probability }] of found.entries())
    expect(probability).toBeCloseTo(wanted[at]?.probability ?? -1, 5);
}
