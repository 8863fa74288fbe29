// The review classifier as a pipeline. The backend is named here and nowhere else.
import type { FitSettings, Pipeline } from 'unrolled';
import type { pageRegistry } from './registry.ts';
import type { Settings } from './settings.ts';

/** Labels, in the order of class numbers. */
export const labels = ['negative', 'positive'] as const;
/** One of the labels. */
export type Label = (typeof labels)[number];

/** A registry, in a worker or here. */
export type Builder = Pick<typeof pageRegistry, 'pipeline'>;

/** A new network. */
export function buildPipeline({ pipeline }: Builder, settings: Settings, threads: number): Pipeline<Label> {
  const { cell, units, pool, learningRate } = settings;
  return pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 100, minimumCount: 2 } } },
    target: { labels },
    layers: [{ use: cell, with: { units }, dropout: { input: 0.5 } }],
    task: { use: 'many-to-one', with: { pool, dropout: 0.5 } },
    optimizer: { use: 'adam', with: { learningRate }, clip: { norm: 1 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm', threads },
  });
}

/** How it learns; a tenth of the reviews is kept apart to measure with. */
export function fitSettings({ epochs, seed }: Settings): FitSettings<Label> {
  return { epochs, seed, batchSize: 32, validation: 0.1 };
}
