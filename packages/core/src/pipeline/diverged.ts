// What a run says when its loss, or a gradient, is not a finite number any more.
import { counted } from '../counted.ts';
import { UnrolledError } from '../errors.ts';

/** Where it happened, and what remains. */
export interface Divergence {
  /** What is not finite: `the loss`, `the gradient's norm`, `the validation loss`. */
  readonly what: string;
  /** Its value. */
  readonly value: number;
  /** From 1. */
  readonly epoch: number;
  /** From 1 within the epoch. */
  readonly batch: number;
  /** Updates before it. */
  readonly update: number;
  /** Of that call. */
  readonly learningRate: number;
  /** The update whose weights came back. */
  readonly restored: number;
  /** Name of the store that keeps a checkpoint, where one was written. */
  readonly checkpoint: string | undefined;
}

/**
 * The error `TRAINING_DIVERGED`.
 * @param largest - magnitude of the largest number of the input, where it is numbers.
 */
export function diverged(divergence: Divergence, largest: number | undefined): UnrolledError {
  const { what, value, epoch, batch, update, learningRate, restored, checkpoint } = divergence;
  const kept = checkpoint === undefined ? '' : ` The last checkpoint in ${checkpoint} was kept.`;
  return new UnrolledError(
    'TRAINING_DIVERGED',
    `${what} became ${value} in epoch ${epoch}, batch ${batch} (after ${counted(update, 'update')}), at learning rate ${learningRate}. ` +
      `The weights are again those after ${counted(restored, 'update')}, the last that are known to be good.${kept}`,
    {
      mend: `Lower the learning rate, or clip the gradient, for example optimizer: { …, clip: { norm: 1 } }.${scaling(largest)}`,
      data: { ...divergence },
    },
  );
}

/** From this magnitude on the numbers of an input may be what is wrong: scaled ones are of the order of 1. */
const large = 10;

function scaling(largest = 0): string {
  if (largest < large) return '';
  const reach = Number.isFinite(largest) ? `reach ${Number(largest.toPrecision(3))}` : 'are too large for float32';
  return ` Numbers of the input ${reach}: bring them near 1, divided or with scale: 'standardize' of the vectorizer "numeric".`;
}
