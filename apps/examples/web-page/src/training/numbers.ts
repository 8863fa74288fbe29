// The numbers of a training, to save, to draw elsewhere, and to compare with the same training in Node.
import type { EpochRecord, Progress } from 'unrolled';
import type { Settings } from './settings.ts';

/** Of one step. */
export interface StepNumbers {
  readonly update: number;
  readonly loss: number;
  /** Norm of the whole gradient before clipping. */
  readonly gradientNorm: number;
}

/** All that is kept; nothing in it depends on the clock, on threads or on where it was computed. */
export interface Numbers {
  readonly settings: Settings;
  /** Steps that were heard of, in order; a busy page misses some. */
  readonly steps: readonly StepNumbers[];
  readonly epochs: readonly Omit<EpochRecord, 'seconds'>[];
  /** ‖∂L/∂h[k]‖ by lag, for the page's sentence and the last weights. */
  readonly gradients: readonly number[];
  /** SHA-256 of the last weights as a safetensors file. */
  readonly weights: string;
}

/** Keeps what `step` tells. */
export class NumbersKept {
  readonly steps: StepNumbers[] = [];
  readonly epochs: Omit<EpochRecord, 'seconds'>[] = [];

  /** Adds a step, which every later one has a larger number than. */
  add({ update, loss, gradientNorm = Number.NaN, ended }: Progress): void {
    this.steps.push({ update, loss, gradientNorm });
    if (!ended) return;
    const { seconds: _, ...epoch } = ended;
    this.epochs.push(epoch);
  }
}
