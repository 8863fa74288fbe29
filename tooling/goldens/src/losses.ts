// Losses and their gradients, by torch.nn.functional.
import file from '../data/losses.json' with { type: 'json' };
import { type GoldenTensor, readIntegers, readTensor, type StoredTensor } from './tensors.ts';

/** One loss over many rows, logits of ±1000 among them. */
export interface LossCase {
  readonly name: string;
  readonly loss: 'categorical-cross-entropy' | 'binary-cross-entropy' | 'squared-error';
  /** Logits, or predicted values: `[rows, size]`. */
  readonly y: GoldenTensor;
  /** Class numbers `[rows]`, or values `[rows, size]`. */
  readonly target: Int32Array | Float64Array;
  /** `[rows]` for classes; else of each element, `[rows, size]`: whether a row's loss is their sum or mean is the loss's own matter. */
  readonly value: GoldenTensor;
  /** Of the sum of `value`: `[rows, size]`. */
  readonly gradient: GoldenTensor;
}

interface StoredLoss extends Pick<LossCase, 'name' | 'loss'> {
  readonly y: StoredTensor;
  readonly target: StoredTensor;
  readonly value: StoredTensor;
  readonly gradient: StoredTensor;
}

/** Each loss at several sizes. */
export function lossCases(): readonly LossCase[] {
  return (file.cases as unknown as readonly StoredLoss[]).map((stored) => ({
    name: stored.name,
    loss: stored.loss,
    y: readTensor(stored.y),
    target: stored.target.i32 === undefined ? readTensor(stored.target).data : readIntegers(stored.target),
    value: readTensor(stored.value),
    gradient: readTensor(stored.gradient),
  }));
}
