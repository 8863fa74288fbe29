// Early stopping: which epoch was the best, and whether it is time to stop.
import type { AnyAccuracy, ValidationRecord } from './progress.ts';
import type { EarlyStopping } from './settings.ts';

/** What early stopping remembers; plain data, saved in checkpoints. */
export interface StoppingRecord {
  /** The best epoch so far; 0 before the first. */
  readonly bestEpoch: number;
  /** Its measure. */
  readonly best: number;
  /** Epochs since then. */
  readonly waited: number;
}

/** Before the first epoch. */
export const noEpochYet: StoppingRecord = { bestEpoch: 0, best: 0, waited: 0 };

/** The record after an epoch. An epoch is the best so far when it improves on the best by more than `minimumDelta`. */
export function afterEpoch(
  record: StoppingRecord,
  epoch: number,
  measures: ValidationRecord<AnyAccuracy>,
  settings: Required<EarlyStopping>,
): StoppingRecord {
  const value = measures[settings.monitor] as number; // where there is no accuracy, the settings were refused
  const gain = settings.monitor === 'loss' ? record.best - value : value - record.best;
  if (record.bestEpoch === 0 || gain > settings.minimumDelta) return { bestEpoch: epoch, best: value, waited: 0 };
  return { ...record, waited: record.waited + 1 };
}

/** Whether `patience` epochs went by without improvement. */
export function shouldStop(record: StoppingRecord, settings: Required<EarlyStopping>): boolean {
  return record.waited >= settings.patience;
}
