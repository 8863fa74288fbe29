// Memory over epochs: what a run holds after many is what it held after a few, whatever is learned.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { type Example, type FitSettings, type Learns, type Pipeline, registry } from '../src/index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const characters = {
  tokenizer: { use: 'characters' },
  vectorizer: { use: 'embedding', with: { size: 8 } },
} as const;
const common = { optimizer: { use: 'adam' }, trainer: { use: 'bptt' }, backend: { use: 'wasm' } } as const;
const layers = [{ use: 'lstm', with: { units: 8 } }] as const;

const texts = Array.from({ length: 2500 }, (_, index) => index.toString(2).padStart(10 + (index % 20), '01'));
const examples: readonly Example[] = texts.map((text) => ({
  text,
  target: [...text].reverse().join(''),
  label: text.slice(-1),
}));

/** One that learns whole sequences, one that learns an endless text, and one that has an encoder. */
const pipelines: Readonly<Partial<Record<Learns, () => Pipeline<string, Learns>>>> = {
  label: () => registry.pipeline({ ...common, input: characters, layers, task: { use: 'many-to-one' } }),
  next: () =>
    registry.pipeline({
      ...common,
      input: characters,
      layers,
      task: { use: 'language-model' },
      trainer: { use: 'truncated-bptt', with: { every: 10, window: 10 } },
    }),
  sequence: () =>
    registry.pipeline({
      ...common,
      input: characters,
      target: characters,
      encoder: { layers },
      decoder: { layers },
      attention: { use: 'multiplicative', with: { units: 8 } },
      task: { use: 'encoder-decoder' },
    }),
};

const epochs = 9;
/** Epochs before and after which memory is compared: the least of some, since caches come and go. */
const early = [3, 4];
const late = [8, 9];

/** The batches of an epoch take about 0.8 MB, and 5 epochs lie between; what the engine compiles meanwhile has taken 0.4 MB. */
const most = 1_200_000;

test.each(Object.entries(pipelines))('what a run that learns the %s holds stays flat', async (learns, create) => {
  const pipeline = create();
  const settings: FitSettings = {
    epochs,
    batchSize: 128,
    seed: 1,
    validation: examples.slice(0, 20),
    ...(learns === 'next' && { stream: true }),
  };
  const held = new Map<number, number>();
  for await (const { epoch, ended } of pipeline.fit(examples, settings)) {
    if (!ended || ![...early, ...late].includes(epoch)) continue;
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    held.set(epoch, heapUsed + external);
  }
  pipeline.dispose();
  const least = (of: readonly number[]) => Math.min(...of.map((epoch) => held.get(epoch) as number));
  expect(least(late) - least(early)).toBeLessThan(most);
});
