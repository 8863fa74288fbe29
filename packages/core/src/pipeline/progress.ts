// What a run reports while it goes on, and the history that remains of it.
import type { Learns } from '../contracts/plugins.ts';
import type { Json } from '../options.ts';
import type { NumberScale } from './number-scale.ts';

/** A share of right answers, in [0, 1]; undefined where the task learns a number, which is never just right or wrong. */
export type AccuracyOf<L extends Learns> = L extends 'number' ? undefined : number;

/** Of a task that is not known. */
export type AnyAccuracy = AccuracyOf<Learns>;

/** Measures on the validation part after an epoch. `A` is what an accuracy is: see {@link AccuracyOf}. */
export interface ValidationRecord<A extends number | undefined = number> {
  /** Mean loss per target: per example, or per step for tasks that answer at each step. */
  readonly loss: number;
  /** Share of right answers. */
  readonly accuracy: A;
}

/** One whole epoch. */
export interface EpochRecord<A extends number | undefined = number> {
  /** From 1. */
  readonly epoch: number;
  /** Mean training loss per target (weighted by class weights), measured while weights changed. */
  readonly loss: number;
  /** Share of right answers on the training part, measured while weights changed. */
  readonly accuracy: A;
  /** Mean gradient norm before clipping. */
  readonly gradientNorm: number;
  /** Learning rate of its last update. */
  readonly learningRate: number;
  /** Measures on the validation part, where there is one. */
  readonly validation?: ValidationRecord<A>;
  /** Wall-clock seconds, validation included. */
  readonly seconds: number;
}

/** One call of the trainer: for most trainers one batch, for truncated ones a window of it. */
export interface Progress<A extends number | undefined = number> {
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
  /** Share of right answers in the epoch so far; undefined before its first batch is whole, and where numbers are learned. */
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
  readonly ended?: EpochRecord<A>;
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
  /** Training examples of each label, or steps where each step has one; empty where tokens or numbers are learned. */
  readonly labels: Readonly<Record<string, number>>;
  /** Of the training part, where numbers are learned. */
  readonly numbers?: NumberScale;
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
export interface History<A extends number | undefined = number> {
  /** Whole epochs, first to last. */
  readonly epochs: readonly EpochRecord<A>[];
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
