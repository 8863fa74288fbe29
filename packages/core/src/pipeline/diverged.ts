// What a run says when its loss, or a gradient, is not a finite number any more.
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

/** The error `TRAINING_DIVERGED`. */
export function diverged(divergence: Divergence): UnrolledError {
  const { what, value, epoch, batch, update, learningRate, restored, checkpoint } = divergence;
  const kept = checkpoint === undefined ? '' : ` The last checkpoint in ${checkpoint} was kept.`;
  return new UnrolledError(
    'TRAINING_DIVERGED',
    `${what} became ${value} in epoch ${epoch}, batch ${batch} (after ${update} updates), at learning rate ${learningRate}. ` +
      `The weights are again those after ${restored} updates, the last that are known to be good.${kept}`,
    {
      mend: 'Lower the learning rate, or clip the gradient, for example optimizer: { …, clip: { norm: 1 } }.',
      data: { ...divergence },
    },
  );
}
