// Truncated backpropagation through time: gradients travel back over a window, and weights may change at each.
import {
  type Batch,
  choice,
  defineOptions,
  defineTrainer,
  type Executable,
  integer,
  parseOptions,
  type Trainer,
  type TrainerContext,
  type TrainerProgress,
  UnrolledError,
} from '@unrolled/core';
import { trainWindows } from './train.ts';

/** Options of truncated backpropagation through time. */
export interface TruncatedBpttOptions {
  /** Steps between updates (k1). */
  readonly every: number;
  /** Steps that gradients travel back from an update (k2), at least `every`; 0 means as many as `every`. */
  readonly window: number;
  /** `window`: weights change at each update; `sequence`: gradients add up and weights change at the end of the batch. */
  readonly update: 'window' | 'sequence';
}

/**
 * Truncated backpropagation through time, BPTT(h; h′) of Williams and Peng (1990, Neural Computation 2:490–501) with
 * h′ = `every` and h = `window`. At each update time u (the multiples of `every`, and a sequence's true end) the losses of
 * the steps since the update before go back no further than step u − `window` + 1; earlier states keep the values that
 * were computed when they were new. A window without a loss makes no update. Where `every` is no less than the longest
 * sequence it is the same call as full backpropagation through time.
 */
export const truncatedBptt: Trainer<'truncated-bptt', TruncatedBpttOptions, 'window'> = /* @__PURE__ */ defineTrainer({
  name: 'truncated-bptt',
  package: '@unrolled/trainer-truncated-bptt',
  options: /* @__PURE__ */ defineOptions<TruncatedBpttOptions>({
    every: /* @__PURE__ */ integer(20, 'Steps between updates (k1).', { minimum: 1 }),
    window: /* @__PURE__ */ integer(
      0,
      'Steps that gradients travel back from an update (k2), at least `every`; 0 means as many as `every`.',
      { minimum: 0 },
    ),
    update: /* @__PURE__ */ choice(
      'window',
      ['window', 'sequence'],
      'Change weights at each window, or once for the whole batch with the gradients added up.',
    ),
  }),
  sees: 'window',
  calls: ({ every }, steps) => Math.max(1, Math.ceil(steps / every)),
  check: ({ every, window }) => {
    if (window === 0 || window >= every) return;
    throw new UnrolledError(
      'OPTION_INVALID',
      `trainer "truncated-bptt": option "window" must be at least option "every", but window is ${window} and every is ${every}.`,
      { mend: 'Losses of the first steps would go nowhere: give a longer window, or 0 for one as long as "every".' },
    );
  },
  train: ({ every, window, update }, executable, batch, context) =>
    trainWindows({ every, window: window === 0 ? every : window }, update, executable, batch, context),
});

/** Trains on one batch; see the contract of trainers. */
export type TruncatedBpttTrain = (
  executable: Executable,
  batch: Batch,
  context: TrainerContext,
) => AsyncGenerator<TrainerProgress, void, void>;

/**
 * The trainer with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `TRAINER_MISFIT`, `BATCH_WITHOUT_TARGETS` and what the executable throws
 */
export function truncatedBpttTrainer(options: Partial<TruncatedBpttOptions> = {}): TruncatedBpttTrain {
  const bound = parseOptions(truncatedBptt.options, options, 'trainer "truncated-bptt"');
  truncatedBptt.check(bound);
  return (executable, batch, context) => truncatedBptt.train(bound, executable, batch, context);
}
