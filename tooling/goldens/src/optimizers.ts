// Updates and learning-rate schedules, by torch.optim.
import file from '../data/optimizers.json' with { type: 'json' };
import { type GoldenTensors, readTensors, type StoredTensor } from './tensors.ts';

/** Updates of one optimizer from given gradients. */
export interface OptimizerCase {
  readonly name: string;
  /** By its name in @unrolled/optimizers. */
  readonly optimizer: 'sgd' | 'momentum' | 'rmsprop' | 'adam' | 'adamw';
  /** By the names of @unrolled/optimizers, without the learning rate. */
  readonly options: Readonly<Record<string, number | boolean>>;
  /** By value first, then by the global norm of all tensors. */
  readonly clip: { readonly norm?: number; readonly value?: number };
  /** Learning rate of each update. */
  readonly rates: readonly number[];
  /** Before the first update. */
  readonly weights: GoldenTensors;
  /** `[updates, …shape of the weight]`. */
  readonly gradients: GoldenTensors;
  /** Global norm before any clipping, of each update. */
  readonly gradientNorms: readonly number[];
  /** Weights after each update: `[updates, …shape of the weight]`. */
  readonly expected: GoldenTensors;
}

/** Learning rates of updates 0, 1, … */
export interface ScheduleCase {
  readonly name: string;
  /** As @unrolled/optimizers takes it. */
  readonly schedule: { readonly kind: string } & Readonly<Record<string, string | number>>;
  /** The full rate. */
  readonly first: number;
  /** Planned in the whole run. */
  readonly updates: number;
  readonly rates: readonly number[];
}

interface StoredOptimizer extends Omit<OptimizerCase, 'weights' | 'gradients' | 'expected'> {
  readonly weights: Readonly<Record<string, StoredTensor>>;
  readonly gradients: Readonly<Record<string, StoredTensor>>;
  readonly expected: Readonly<Record<string, StoredTensor>>;
}

const cases = file.cases as unknown as readonly (StoredOptimizer | ScheduleCase)[];

/** Each optimizer alone, with clipping by norm, by value and by both, and with a falling rate. */
export function optimizerCases(): readonly OptimizerCase[] {
  return cases
    .filter((stored) => 'optimizer' in stored)
    .map((stored) => ({
      ...stored,
      weights: readTensors(stored.weights),
      gradients: readTensors(stored.gradients),
      expected: readTensors(stored.expected),
    }));
}

/** Each schedule over 30 updates. */
export function scheduleCases(): readonly ScheduleCase[] {
  return cases.filter((stored) => 'schedule' in stored);
}
