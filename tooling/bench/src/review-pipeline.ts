// The review classifier that is measured, as a pipeline: words, an embedding of 64, an LSTM of 128 units, its last step.

import { join } from 'node:path';
import { lstm } from '@unrolled/cell-lstm';
import { type Backend, createRegistry, type Example, type Pipeline } from '@unrolled/core';
import { movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
import { manyToOne } from '@unrolled/task-many-to-one';
import { words } from '@unrolled/tokenizer-words';
import { bptt } from '@unrolled/trainer-bptt';
import { embedding } from '@unrolled/vectorizer-embedding';
import { cache } from './cache.ts';
import { cores } from './cores.ts';

/** Size of a word's vector. */
export const embeddingSize = 64;
/** Of the LSTM. */
export const units = 128;
/** Reviews that learn together. */
export const batchSize = 32;

/** The batches of an epoch, for processes in other languages. */
export const batchesFile: string = join(cache, 'review-batches.json');

/** The plug-ins of the pipeline, with `backend` to compute. */
export function registryWith(backend: Backend) {
  return createRegistry([words, embedding, lstm, manyToOne, categoricalCrossEntropy, adam, bptt, backend]);
}

/** A new pipeline on `backend`. */
function reviewPipeline(backend: Backend): Pipeline<'negative' | 'positive'> {
  return registryWith(backend).pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: embeddingSize } } },
    target: { labels: ['negative', 'positive'] },
    layers: [{ use: 'lstm', with: { units } }],
    task: { use: 'many-to-one', with: { pool: 'last' } },
    optimizer: { use: 'adam' },
    trainer: { use: 'bptt' },
    backend: { use: backend.name, threads: cores },
  }) as Pipeline<'negative' | 'positive'>;
}

/** Trains for one epoch from the texts on. */
export async function fitEpoch(
  backend: Backend,
  examples: readonly Example[],
): Promise<Pipeline<'negative' | 'positive'>> {
  const pipeline = reviewPipeline(backend);
  await pipeline.fit(examples, { epochs: 1, batchSize, seed: 1 });
  return pipeline;
}

/** All training reviews. */
export const trainingReviews: () => Promise<Example[]> = movieReviewsTrain;
