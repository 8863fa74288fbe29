// What a run reports while it goes on, and the history that remains of it.
import type { Json } from '../options.ts';

/** Measures on the validation part after an epoch. */
export interface ValidationRecord {
  /** Mean loss per target: per example, or per step for tasks that answer at each step. */
  readonly loss: number;
  /** Share of right answers, in [0, 1]. */
  readonly accuracy: number;
}

/** One whole epoch. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean training loss per target (weighted by class weights), measured while weights changed. */
  readonly loss: number;
  /** Share of right answers on the training part, measured while weights changed. */
  readonly accuracy: number;
  /** Mean gradient norm before clipping. */
  readonly gradientNorm: number;
  /** Learning rate of its last update. */
  readonly learningRate: number;
  /** Measures on the validation part, where there is one. */
  readonly validation?: ValidationRecord;
  /** Wall-clock seconds, validation included. */
  readonly seconds: number;
}

/** One call of the trainer: for most trainers one batch, for truncated ones a window of it. */
export interface Progress {
  /** From 1. */
  readonly epoch: number;
  /** Planned. */
  readonly epochs: number;
  /** From 1 within the epoch; of streams the window. */
  readonly batch: number;
  /** Batches in an epoch; of streams windows. */
  readonly batches: number;
  /** Updates of the weights so far in the whole run. */
  readonly update: number;
  /** Weighted mean loss of this batch so far. */
  readonly loss: number;
  /** Weighted mean loss of the epoch so far; undefined before its first batch is whole. */
  readonly meanLoss: number | undefined;
  /** Share of right answers in the epoch so far; undefined before its first batch is whole. */
  readonly accuracy: number | undefined;
  /** Norm of the gradient before clipping; undefined where this call did not update. */
  readonly gradientNorm: number | undefined;
  /** Learning rate of this call. */
  readonly learningRate: number;
  /** Training examples per second in this epoch, of this process. */
  readonly examplesPerSecond: number;
  /** Wall-clock seconds since the run began or was resumed. */
  readonly elapsed: number;
  /** The epoch's record, on the last report of an epoch. */
  readonly ended?: EpochRecord;
}

/** How well the vocabulary covers a part of the data. */
export interface CoverageReport {
  /** Examples. */
  readonly examples: number;
  /** Tokens (or steps) that were encoded. */
  readonly tokens: number;
  /** Tokens that the vocabulary does not hold. */
  readonly unknown: number;
  /** `unknown ÷ tokens`, 0 where there are none. */
  readonly unknownRate: number;
  /** Tokens cut off by a maximum length. */
  readonly truncated: number;
  /** Examples of which no token remained; they teach nothing. */
  readonly empty: number;
}

/** What became of the data. */
export interface FitReport {
  /** Training examples of each label, or steps where each step has one; empty where tokens are learned. */
  readonly labels: Readonly<Record<string, number>>;
  /** Examples left out for an empty text (`emptyText: 'skip'`). */
  readonly skipped: number;
  /** The training part. */
  readonly training: CoverageReport;
  /** The validation part, where there is one. */
  readonly validation?: CoverageReport;
  /** The vectorizer's own facts, e.g. vocabulary size and words lost to the minimum count. */
  readonly vocabulary: Readonly<Record<string, number>>;
  /** Those of the vectorizer of what is to be generated, where there is one. */
  readonly targetVocabulary?: Readonly<Record<string, number>>;
}

/** Why a run ended: all epochs done, early stopping, its loop was left, or its signal aborted. */
export type StopReason = 'finished' | 'early' | 'left' | 'aborted';

/** What remains of a run. */
export interface History {
  /** Whole epochs, first to last. */
  readonly epochs: readonly EpochRecord[];
  /** Updates of the weights. */
  readonly updates: number;
  /** Why it ended. */
  readonly stopped: StopReason;
  /** The epoch whose weights the model has, where early stopping brought them back. */
  readonly restoredEpoch?: number;
  /** The update that it was resumed from, where it was. */
  readonly resumedFrom?: number;
  /** Logits are divided by it; 1 without calibration. */
  readonly temperature: number;
  /** The threshold of two-label models, where one was set or tuned. */
  readonly threshold?: number;
  /** What became of the data. */
  readonly report: FitReport;
  /** The settings as they were used, defaults filled in. */
  readonly settings: Readonly<Record<string, Json>>;
  /** Wall-clock seconds. */
  readonly seconds: number;
}
