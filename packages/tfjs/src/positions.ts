// Which steps of a padded batch are true, as masks.
import type { Tensor } from '@tensorflow/tfjs';
import type { Axis } from '@unrolled/equations';
import type { Recorder } from './recorder.ts';

/** The steps of each sequence of a batch: of every sequence at least one, or of none any. */
export class Positions {
  /** Number of sequences. */
  readonly batch: number;
  /** Number of steps of the longest sequence. */
  readonly time: number;
  /** Number of steps of the shortest sequence. */
  readonly shortest: number;
  /** Whether no sequence has a step; `time` is 1 all the same. */
  readonly none: boolean;
  /** Number of steps of each sequence. */
  readonly lengths: Int32Array;
  readonly #recorder: Recorder;
  readonly #masks = new Map<string, Tensor>();

  constructor(recorder: Recorder, lengths: Int32Array, time: number) {
    this.#recorder = recorder;
    this.lengths = lengths;
    this.batch = lengths.length;
    this.time = time;
    this.none = lengths.every((length) => length === 0);
    this.shortest = lengths.reduce((a, b) => Math.min(a, b), time);
  }

  /** Sizes of axes. */
  sizes(axes: readonly Axis[]): number[] {
    return axes.map((axis) => (axis === 'batch' ? this.batch : this.time));
  }

  /** `tensor` over `axes` with `fill` where `along`, one of them, is beyond a sequence's end. */
  masked(tensor: Tensor, axes: readonly Axis[], along: Axis, fill: number): Tensor {
    if (along === 'batch' || this.shortest >= this.time) return tensor;
    const mask = this.#mask(
      `${axes} ${along} ${tensor.shape}`,
      tensor.shape,
      axes.indexOf(along),
      axes.indexOf('batch'),
    );
    return this.#recorder.masked(tensor, mask, fill);
  }

  /** `after` for the sequences that have this step, `before` for those that have ended; both `[batch, …]`. */
  carried(step: number, after: Tensor, before: Tensor): Tensor {
    if (step < this.shortest) return after;
    const per = after.size / this.batch;
    const key = `step ${step} ${after.shape}`;
    const mask = this.#kept(key, () => {
      const truth = new Uint8Array(after.size);
      this.lengths.forEach((length, row) => {
        if (step < length) truth.fill(1, row * per, (row + 1) * per);
      });
      return this.#recorder.tf.tensor(truth, after.shape, 'bool');
    });
    return this.#recorder.chosen(mask, after, before);
  }

  /** Made in full, since the wasm backend repeats a small mask number by number. */
  #mask(key: string, shape: readonly number[], along: number, batchAxis: number): Tensor {
    return this.#kept(key, () => {
      const truth = new Uint8Array(shape.reduce((all, size) => all * size, 1));
      const strideOf = (axis: number) => shape.slice(axis + 1).reduce((all, size) => all * size, 1);
      const [stepStride, rowStride] = [strideOf(along), strideOf(batchAxis)];
      for (let at = 0; at < truth.length; at++) {
        const step = Math.floor(at / stepStride) % this.time;
        const row = Math.floor(at / rowStride) % this.batch;
        truth[at] = step < (this.lengths[row] as number) ? 1 : 0;
      }
      return this.#recorder.tf.tensor(truth, [...shape], 'bool');
    });
  }

  #kept(key: string, make: () => Tensor): Tensor {
    const known = this.#masks.get(key);
    if (known) return known;
    const mask = make();
    this.#masks.set(key, mask);
    return mask;
  }
}
