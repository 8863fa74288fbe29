// The same pipeline on backends besides the default: same seed, same bits, also when it is cut and resumed; and its model on others.
import { tfjs } from '@unrolled/backend-tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPipeline, createRegistry, type FitSettings, fromFiles, memoryCheckpoints } from '../src/index.ts';
import { bytesOf, manifest, registry, reviews } from './support.ts';

const both = registry.with([tfjs]);
const settings: FitSettings = { epochs: 2, batchSize: 8, validation: 0.2, earlyStopping: {}, calibrate: true };
const data = reviews(40);

function create(backend: string, trainer: string) {
  const cell = trainer === 'bptt' ? { use: 'lstm', with: { units: 4 } } : { use: 'vanilla', with: { units: 4 } };
  const layers = [{ ...cell, dropout: { input: 0.2, output: 0.1 } }];
  const options = trainer === 'bptt' ? {} : { with: { every: 4, window: 6 } };
  const changes = { layers, trainer: { use: trainer, ...options }, backend: { use: backend } };
  return createPipeline(both.resolve(manifest(changes)));
}

describe.each([
  ['tfjs', 'bptt'],
  ['tfjs', 'truncated-bptt'],
  ['reference', 'bptt'],
  ['reference', 'truncated-bptt'],
])('%s with %s', (backend, trainer) => {
  const whole = create(backend, trainer);
  let steps = 0;
  beforeAll(async () => {
    for await (const _ of whole.fit(data, settings)) steps += 1;
  });

  it('gives the same bits again', async () => {
    const again = create(backend, trainer);
    await again.fit(data, settings);
    expect(await bytesOf(again)).toEqual(await bytesOf(whole));
  });

  it('ends in the same bits where it is cut and resumed', async () => {
    for (const cut of [1, Math.floor(steps / 2), steps - 1]) {
      const to = memoryCheckpoints();
      const first = create(backend, trainer).fit(data, { ...settings, checkpoint: { to } });
      let count = 0;
      for await (const _ of first) {
        count += 1;
        if (count === cut) break;
      }
      const second = create(backend, trainer);
      await second.fit(data, { ...settings, checkpoint: { to }, resume: true });
      expect(await bytesOf(second), `cut after ${cut} of ${steps}`).toEqual(await bytesOf(whole));
    }
  });

  it('gives a model that answers alike on the default backend', async () => {
    const files = await whole.toFiles();
    const texts = data.map(({ text }) => text as string);
    const ours = await whole.predict(texts);
    const chosen = await (await fromFiles(files, both, { backend: 'wasm' })).predict(texts);
    ours.forEach(({ probability }, index) => {
      expect(chosen[index]?.probability).toBeCloseTo(probability, 5);
    });
    // Where the backend that trained it is registered it computes, else the first that is.
    expect(await (await fromFiles(files, both)).predict(texts)).toEqual(ours);
    const lacking = createRegistry(registry.plugins.filter(({ name }) => name !== 'reference'));
    expect(await (await fromFiles(files, lacking)).predict(texts)).toEqual(chosen);
  });
});
