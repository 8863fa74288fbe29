// Where a run stands: everything besides weights that decides how it goes on. Plain data, saved in checkpoints.
import type { Tensors } from '../contracts/executable.ts';
import type { TrainerCursor } from '../contracts/plugins.ts';
import { noEpochYet, type StoppingRecord } from './early-stopping.ts';
import type { AnyAccuracy, EpochRecord } from './progress.ts';

/** Sums over the whole batches of an epoch so far. */
export interface EpochSums {
  /** Of batch losses times batch weights. */
  loss: number;
  /** Of batch weights. */
  weight: number;
  /** Right answers. */
  right: number;
  /** Answers. */
  answered: number;
  /** Examples. */
  examples: number;
  /** Of gradient norms. */
  norms: number;
  /** Updates. */
  updates: number;
  /** Learning rate of the last update. */
  learningRate: number;
  /** Wall-clock seconds. */
  seconds: number;
}

/** Where a run stands. */
export interface TrainingState {
  /** Whole epochs behind it. */
  epoch: number;
  /** Whole batches of this epoch behind it. */
  batch: number;
  /** Where it stands inside the batch; undefined between batches. */
  cursor: TrainerCursor | undefined;
  /** Updates of the weights. */
  updates: number;
  /** Of this epoch. */
  sums: EpochSums;
  /** Of early stopping. */
  stopping: StoppingRecord;
  /** The best epoch's parameters, where early stopping may bring them back. */
  best: Tensors | undefined;
  /** Whole epochs. */
  records: EpochRecord<AnyAccuracy>[];
}

/** At the very beginning. */
export function newTrainingState(): TrainingState {
  return {
    epoch: 0,
    batch: 0,
    cursor: undefined,
    updates: 0,
    sums: newSums(),
    stopping: noEpochYet,
    best: undefined,
    records: [],
  };
}

/** At the beginning of an epoch. */
export function newSums(): EpochSums {
  return { loss: 0, weight: 0, right: 0, answered: 0, examples: 0, norms: 0, updates: 0, learningRate: 0, seconds: 0 };
}
