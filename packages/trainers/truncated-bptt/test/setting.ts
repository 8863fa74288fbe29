// Networks and batches that the tests train with, and the small steps around a trainer.
import { reference } from '@unrolled/backend-reference';
import { lstmCell } from '@unrolled/cell-lstm';
import { vanillaCell } from '@unrolled/cell-vanilla';
import {
  type Batch,
  type EquationModule,
  type Executable,
  glorotUniform,
  initialise,
  type LayerDescription,
  type NetworkDescription,
  type TrainerContext,
  type TrainerProgress,
  zeros,
} from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { adam, sgd } from '@unrolled/optimizers';
import { manyToOne } from '@unrolled/task-many-to-one';

/** What of the hidden states gives logits: each step, or a pooled value. */
export type Head = 'steps' | 'last' | 'mean' | 'max';

const steps: EquationModule = {
  name: 'steps',
  equations: 'y[t] = Why @ h[t] + by',
  parameters: { Why: { shape: [3, 'hidden'], init: glorotUniform() }, by: { init: zeros() } },
  sizes: {},
  constants: {},
  shapes: {},
  initial: {},
  output: 'y',
};

const layer = (module: EquationModule, dropout: LayerDescription['dropout']): LayerDescription => ({
  module,
  direction: 'forward',
  dropout,
});

/** A vanilla layer under an LSTM, with every kind of dropout where asked, over a vocabulary of 6; three classes. */
export function network(
  head: Head,
  { optimizer = 'sgd', dropout = false }: { readonly optimizer?: 'sgd' | 'adam'; readonly dropout?: boolean } = {},
): NetworkDescription {
  const module = optimizer === 'sgd' ? sgd.module(sgd.options.defaults) : adam.module(adam.options.defaults);
  return {
    language: 1,
    input: { kind: 'ids', vocabulary: 6 },
    layers: [
      layer(vanillaCell({ units: 3 }), dropout ? { input: 0.3, inputSequence: 0.2 } : {}),
      layer(lstmCell({ units: 2 }), dropout ? { output: 0.3 } : {}),
    ],
    output: head === 'steps' ? steps : manyToOne.module({ pool: head, dropout: dropout ? 0.2 : 0, hidden: 0 }, 3),
    loss: categoricalCrossEntropy.module({}),
    target: { kind: 'class', size: 3, per: head === 'steps' ? 'step' : 'sequence' },
    optimizer: module,
  };
}

/** Compiled by the reference backend, with its first weights drawn. */
export async function compiled(description: NetworkDescription): Promise<Executable> {
  const executable = await reference.compile({})(description, {});
  const parameters = executable.parameters.map((info) => [
    info.name,
    { shape: info.shape, data: initialise(info, 11) },
  ]);
  await executable.write({ parameters: Object.fromEntries(parameters) });
  return executable;
}

/** Sequences of these lengths, with `padding` steps more than the longest; ids, classes and examples differ by row. */
export function batchOf(lengths: readonly number[], head: Head, padding = 0): Batch {
  const size = lengths.length;
  const time = Math.max(...lengths) + padding;
  const terms = head === 'steps' ? lengths.reduce((sum, length) => sum + length, 0) : lengths.filter(Boolean).length;
  const perStep = (value: (step: number, row: number) => number) =>
    Array.from({ length: time * size }, (_, index) => value(Math.floor(index / size), index % size));
  const x = Int32Array.from(perStep((step, row) => (step * step + 3 * row + step) % 6));
  const once = {
    targets: Int32Array.from(lengths, (_, row) => row % 3),
    weights: new Float64Array(size).fill(1 / terms),
  };
  const each = {
    targets: Int32Array.from(perStep((step, row) => (step + row) % 3)),
    weights: Float64Array.from(perStep((step, row) => (step < (lengths[row] as number) ? 1 / terms : 0))),
  };
  return {
    size,
    time,
    inputs: { x },
    lengths: Int32Array.from(lengths),
    ...(head === 'steps' ? each : once),
    exampleIndex: Int32Array.from(lengths, (_, row) => 100 + row),
    start: new Int32Array(size),
  };
}

/** A trainer with its options bound. */
export type Train = (
  executable: Executable,
  batch: Batch,
  context: TrainerContext,
) => AsyncGenerator<TrainerProgress, void, void>;

/** Trains on one batch as a pipeline would: it counts the updates. `more` overrides the context. */
export async function trained(
  train: Train,
  executable: Executable,
  batch: Batch,
  head: Head,
  more: Partial<TrainerContext> & { readonly from?: number; readonly rate?: number; readonly until?: number } = {},
): Promise<TrainerProgress[]> {
  const { from = 0, rate = 0.1, until = Number.POSITIVE_INFINITY, ...rest } = more;
  let updates = from;
  const progress: TrainerProgress[] = [];
  const context: TrainerContext = {
    seed: 5,
    updates: () => updates,
    learningRate: () => rate,
    answers: head === 'steps' ? 'each-step' : 'once',
    ...rest,
  };
  for await (const step of train(executable, batch, context)) {
    if (step.updated) updates += 1;
    progress.push(step);
    if (progress.length >= until) break;
  }
  return progress;
}
