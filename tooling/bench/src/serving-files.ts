// A trained review classifier on disk: ours, the same as an ONNX model, and reviews to ask it about.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '@unrolled/core';
import { movieReviewsHeldout } from '@unrolled/dataset-movie-reviews';
import { ours } from '../ours.ts';
import { cache } from './cache.ts';
import { encodeClassifier } from './onnx-models.ts';
import { fitEpoch, trainingReviews } from './review-pipeline.ts';

/** Numbered reviews by the size of their batches: one by one, and many at once. */
export interface EncodedReviews {
  readonly batches: Readonly<Record<number, readonly EncodedBatch[]>>;
}

/** `ids` `[time, batch]`, padded; `lengths` `[batch]`. */
export interface EncodedBatch {
  readonly time: number;
  readonly ids: readonly number[];
  readonly lengths: readonly number[];
}

/** Reviews that are asked about in turn. */
const reviewCount = 1024;
/** Reviews that the model learns from: it is measured, not used. */
const learned = 640;

/** Places of the files. */
export const servingFiles = {
  folder: join(cache, 'review-model'),
  onnx: join(cache, 'review-model.onnx'),
  reviews: join(cache, 'reviews.json'),
};

/** The texts that are asked about, one length of text after the other as they come. */
export async function servedTexts(): Promise<readonly string[]> {
  return (await movieReviewsHeldout()).slice(0, reviewCount).map(({ text = '' }) => text);
}

/** Trains and writes it all. */
export async function writeServingFiles(many: number): Promise<void> {
  const reviews = await trainingReviews();
  // Labels stand together in the file.
  const every = Math.floor(reviews.length / learned);
  const pipeline = await fitEpoch(
    ours,
    reviews.filter((_, at) => at % every === 0),
  );
  await pipeline.save(servingFiles.folder);
  const { parameters, batch } = await pipeline.anatomy();
  const single = await Promise.all((await servedTexts()).map((text) => batch(text)));
  writeFileSync(servingFiles.onnx, encodeClassifier(parameters));
  const encoded: EncodedReviews = {
    batches: { 1: single.map(encode), [many]: groups(single, many).map((group) => encode(joinBatches(group))) },
  };
  writeFileSync(servingFiles.reviews, JSON.stringify(encoded));
  pipeline.dispose();
}

/** Full groups only. */
function groups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.floor(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

/** Batches of one sequence as one of many, padded. */
function joinBatches(batches: readonly Batch[]): Pick<Batch, 'time' | 'inputs' | 'lengths'> {
  const size = batches.length;
  const time = Math.max(...batches.map((one) => one.time));
  const x = new Int32Array(time * size);
  batches.forEach((one, row) => {
    for (let step = 0; step < one.time; step++) x[step * size + row] = (one.inputs.x as Int32Array)[step] as number;
  });
  return { time, inputs: { x }, lengths: Int32Array.from(batches, ({ lengths }) => lengths[0] as number) };
}

function encode({ time, inputs, lengths }: Pick<Batch, 'time' | 'inputs' | 'lengths'>): EncodedBatch {
  return { time, ids: Array.from(inputs.x as Int32Array), lengths: Array.from(lengths) };
}
