// An epoch of the review classifier: ours from the texts on, and ours and others' over the same batches.
import { writeFileSync } from 'node:fs';
import type { Batch } from '@unrolled/core';
import { ours } from '../ours.ts';
import { compiled } from './compiled.ts';
import { cores } from './cores.ts';
import { classifier, lstmOf, wordsInput } from './networks.ts';
import { recorder } from './recorder.ts';
import { batchesFile, embeddingSize, fitEpoch, trainingReviews, units } from './review-pipeline.ts';
import type { Work } from './serve.ts';

/** What the recording saw. */
interface Recording {
  readonly vocabulary: number;
  readonly batches: readonly Batch[];
}

/** All of it: splitting into words, numbering, compiling, and one epoch. */
export async function fitOneEpoch(): Promise<Work> {
  const reviews = await trainingReviews();
  return {
    run: async () => (await fitEpoch(ours, reviews)).dispose(),
  };
}

/** The training steps of one epoch, on a network that goes on from call to call. Writes their batches to `batchesFile`. */
export async function epoch(): Promise<Work> {
  const { vocabulary, batches } = await record();
  writeFileSync(batchesFile, JSON.stringify({ vocabulary, batches: batches.map(asLists) }));
  const executable = await compiled(classifier(wordsInput(vocabulary, embeddingSize), [lstmOf(units)]), {
    threads: cores,
  });
  let update = 0;
  const run = async (): Promise<void> => {
    for (const batch of batches) {
      const key = { seed: 1, update: update++ };
      await executable.trainStep(batch, executable.initialState(batch.size), { key, learningRate: 0.001 });
    }
  };
  const steps = batches.reduce((sum, { time, size }) => sum + time * size, 0);
  const words = batches.reduce((sum, { lengths }) => sum + lengths.reduce((total, length) => total + length, 0), 0);
  return { run, facts: { vocabulary, batches: batches.length, words, padding: 1 - words / steps } };
}

/** Runs one epoch of the pipeline and keeps the batches that it makes. */
async function record(): Promise<Recording> {
  const batches: Batch[] = [];
  let vocabulary = 0;
  const backend = recorder((executable, network) => {
    if (network.input.kind === 'ids') vocabulary = network.input.vocabulary;
    return {
      trainStep: (batch, state, options) => {
        batches.push(batch);
        return executable.trainStep(batch, state, options);
      },
    };
  });
  (await fitEpoch(backend, await trainingReviews())).dispose();
  return { vocabulary, batches };
}

function asLists({ time, inputs, lengths, targets }: Batch) {
  return {
    time,
    ids: Array.from(inputs.x as Int32Array),
    lengths: Array.from(lengths),
    targets: Array.from(targets as Int32Array),
  };
}
