// A small run of a real pipeline, with a validation part: 16 texts, 4 updates an epoch.
import { registry } from 'unrolled';

const words = ['superb', 'awful', 'gripping', 'dull', 'warm', 'hollow', 'witty', 'bleak'];

/** Texts that a small network learns in a moment. */
export const texts = Array.from({ length: 20 }, (_, i) => ({
  text: `take ${i} is ${words[i % 8]}`,
  label: i % 2 === 0 ? 'good' : 'bad',
}));

/** Settings of `fit`. */
export const settings = { epochs: 3, batchSize: 4, seed: 2, validation: 0.2 } as const;

/** What learns. */
export const manifest = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 4, minimumCount: 1 } } },
  target: { labels: ['bad', 'good'] },
  layers: [{ use: 'vanilla', with: { units: 4 } }],
  task: { use: 'many-to-one' },
  optimizer: { use: 'adam', with: { learningRate: 0.05 } },
  trainer: { use: 'bptt' },
  backend: { use: 'wasm' },
} as const;

/** A pipeline that has learned nothing yet. */
export function newPipeline() {
  return registry.pipeline(manifest);
}
