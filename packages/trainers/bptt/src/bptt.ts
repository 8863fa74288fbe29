// Backpropagation through the whole sequence: one update for each batch.
import {
  type Batch,
  defineOptions,
  defineTrainer,
  type Executable,
  hasLoss,
  parseOptions,
  type Trainer,
  type TrainerContext,
  type TrainerProgress,
} from '@unrolled/core';

/** Backpropagation through time has no options. */
export type BpttOptions = Record<never, never>;

/**
 * Backpropagation through time (Werbos 1990, Proceedings of the IEEE 78): gradients travel from each loss back to the
 * first step, and weights change once for each batch. A batch without a loss makes no update.
 */
export const bptt: Trainer<'bptt', BpttOptions, 'sequence'> = /* @__PURE__ */ defineTrainer({
  name: 'bptt',
  package: '@unrolled/trainer-bptt',
  options: /* @__PURE__ */ defineOptions<BpttOptions>({}),
  sees: 'sequence',
  check: () => {},
  train: async function* (_, executable, batch, context): AsyncGenerator<TrainerProgress, void, void> {
    const state = context.state ?? executable.initialState(batch.size);
    const key = { seed: context.seed, update: context.updates() };
    const told = context.output ? { output: context.output } : {};
    const updated = hasLoss(batch, context.answers);
    const result = updated
      ? await executable.trainStep(batch, state, { key, learningRate: context.learningRate(), ...told })
      : { ...(await executable.forward(batch, state, { mode: 'train', key })), gradientNorm: undefined };
    const { loss = 0, gradientNorm, output } = result;
    yield { loss, gradientNorm, updated, cursor: undefined, output, state: result.state };
  },
});

/** Trains on one batch; see the contract of trainers. */
export type BpttTrain = (
  executable: Executable,
  batch: Batch,
  context: TrainerContext,
) => AsyncGenerator<TrainerProgress, void, void>;

/**
 * The trainer with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `BATCH_WITHOUT_TARGETS` and what the executable throws
 */
export function bpttTrainer(options: Partial<BpttOptions> = {}): BpttTrain {
  const bound = parseOptions(bptt.options, options, 'trainer "bptt"');
  return (executable, batch, context) => bptt.train(bound, executable, batch, context);
}
