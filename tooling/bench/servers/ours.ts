// Our own process: every work that the parts of the bench measure of the backend under test.
import { beginStreams } from '@unrolled/core';
import { bags } from '../src/bag-works.ts';
import { vectorBatch, wordBatch } from '../src/batches.ts';
import { compiled } from '../src/compiled.ts';
import { cores } from '../src/cores.ts';
import { gemmList } from '../src/gemm-list.ts';
import { classifier, lstmOf, outsiderOf, vectors, wordsInput } from '../src/networks.ts';
import { epoch, fitOneEpoch } from '../src/review-epochs.ts';
import { serve, type Work } from '../src/serve.ts';
import { loadModel, predictMany, predictOne, runNetwork } from '../src/serving-works.ts';
import { shakespeareFit, shakespeareQuality, shakespeareSteps } from '../src/shakespeare-works.ts';
import type { Shape } from '../src/shapes.ts';
import { subwords } from '../src/subword-works.ts';
import { trainedVectors, wordVectors } from '../src/word-vector-works.ts';

/** A training step on vectors. */
interface TrainingGiven {
  readonly shape: Shape;
  readonly cell: 'lstm' | 'outsider';
  /** Absent: all cores. */
  readonly threads?: number;
}

async function training({ shape, cell, threads = cores }: TrainingGiven): Promise<Work> {
  const module = cell === 'lstm' ? lstmOf(shape.units) : outsiderOf(shape.units);
  const executable = await compiled(classifier(vectors(shape.inputs), [module]), { threads });
  const batch = vectorBatch(shape);
  const state = executable.initialState(shape.batch);
  let update = 0;
  return {
    run: () => executable.trainStep(batch, state, { key: { seed: 1, update: update++ }, learningRate: 0.001 }),
  };
}

/** Answers for a whole batch. */
async function inference({ shape }: { readonly shape: Shape }): Promise<Work> {
  const { optimizer: _, ...network } = classifier(vectors(shape.inputs), [lstmOf(shape.units)]);
  const executable = await compiled(network, { threads: cores });
  const { targets: __, weights: ___, ...batch } = vectorBatch(shape);
  const state = executable.initialState(shape.batch);
  return { run: () => executable.forward(batch, state, { mode: 'infer' }) };
}

/** One step at batch 1, the state carried from call to call. */
async function step({ inputs, units }: Pick<Shape, 'inputs' | 'units'>): Promise<Work> {
  const { optimizer: _, ...network } = classifier(vectors(inputs), [lstmOf(units)]);
  const executable = await compiled(network, { threads: 1 });
  const x = vectorBatch({ batch: 1, steps: 1, inputs, units }).inputs.x as Float32Array;
  let state = beginStreams(executable, 1);
  return {
    run: async () => {
      [state] = await executable.step(state, x);
    },
  };
}

/** Words of a large vocabulary, one-hot or embedded: a whole update, or forward and backward alone. */
interface WordsGiven {
  readonly shape: Shape;
  readonly vocabulary: number;
  /** Absent: one-hot. */
  readonly embedding?: number;
  readonly update: boolean;
}

async function words({ shape, vocabulary, embedding, update }: WordsGiven): Promise<Work> {
  const network = classifier(wordsInput(vocabulary, embedding), [lstmOf(shape.units)]);
  const executable = await compiled(network, { threads: cores });
  const batch = wordBatch(shape, vocabulary);
  const state = executable.initialState(shape.batch);
  let updates = 0;
  return {
    run: () =>
      executable.trainStep(batch, state, {
        key: { seed: 1, update: update ? updates++ : 0 },
        learningRate: 0.001,
        accumulate: !update,
      }),
  };
}

async function gemms({ shape }: { readonly shape: Shape }): Promise<Work> {
  const list = gemmList(shape);
  return { run: async () => list() };
}

await serve(`Node ${process.version}`, {
  training,
  inference,
  step,
  words,
  gemms,
  epoch,
  fit: fitOneEpoch,
  'shakespeare fit': shakespeareFit,
  'shakespeare steps': shakespeareSteps,
  'shakespeare quality': shakespeareQuality,
  load: loadModel,
  'predict one': predictOne,
  'predict many': predictMany,
  'run network': runNetwork,
  subwords,
  bags,
  'word vectors': wordVectors,
  'trained vectors': trainedVectors,
});
