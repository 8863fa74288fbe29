// What is measured of our side of the part `serving`: the model from its folder, and its network alone.
import { readFileSync } from 'node:fs';
import type { Batch, Model } from '@unrolled/core';
import { compile, ours } from '../ours.ts';
import { cores } from './cores.ts';
import { registryWith } from './review-pipeline.ts';
import type { Work } from './serve.ts';
import {
  type EncodedBatch,
  type EncodedReviews,
  servedTexts,
  servingFiles,
  writeServingFiles,
} from './serving-files.ts';

/** How many reviews are answered together. */
interface ManyGiven {
  readonly size: number;
}

/** Trains the model and writes what all of them read; then loads it from its folder at each call. */
export async function loadModel({ size }: ManyGiven): Promise<Work> {
  await writeServingFiles(size);
  return { run: async () => (await load()).dispose() };
}

/** The next review at each call, from its text to its label. */
export async function predictOne(): Promise<Work> {
  const [model, texts] = await Promise.all([load(), servedTexts()]);
  let call = 0;
  return { run: () => model.predict(texts[call++ % texts.length] as string) };
}

/** As many reviews at once. */
export async function predictMany({ size }: ManyGiven): Promise<Work> {
  const [model, texts] = await Promise.all([load(), servedTexts()]);
  let call = 0;
  const next = (): string => texts[call++ % texts.length] as string;
  return { run: () => model.predict(Array.from({ length: size }, next), { batchSize: size }) };
}

/** The network alone, on reviews that are numbered already, as the others get them. */
export async function runNetwork({ size }: ManyGiven): Promise<Work> {
  const model = await load();
  const { network, parameters } = await model.anatomy();
  const { optimizer: _, clip: __, ...predicting } = network;
  const executable = await compile(predicting, { threads: cores });
  await executable.write({ parameters });
  model.dispose();
  const { batches } = JSON.parse(readFileSync(servingFiles.reviews, 'utf8')) as EncodedReviews;
  const ready = (batches[size] ?? []).map((one) => asBatch(one, size));
  const run = (batch: Batch) => executable.forward(batch, executable.initialState(size), { mode: 'infer' });
  const first = await run(ready[0] as Batch);
  let call = 0;
  return {
    run: () => run(ready[call++ % ready.length] as Batch),
    facts: { logits: Array.from(first.output.data) },
  };
}

function load(): Promise<Model> {
  return registryWith(ours).load(servingFiles.folder, { backend: ours.name, compute: { threads: cores } });
}

function asBatch({ time, ids, lengths }: EncodedBatch, size: number): Batch {
  return {
    size,
    time,
    inputs: { x: Int32Array.from(ids) },
    lengths: Int32Array.from(lengths),
    exampleIndex: Int32Array.from(lengths, (_, row) => row),
    start: new Int32Array(size),
  };
}
