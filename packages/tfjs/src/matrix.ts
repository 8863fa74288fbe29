// A matrix that multiplies rows, once or at every step of a loop; its gradient is one product after the loop.
//
// All products, in the gradient too, are of plain matrices: the wasm backend multiplies transposed ones without SIMD.
import type { Tensor } from '@tensorflow/tfjs';
import { product } from './products.ts';
import type { Recorder } from './recorder.ts';

/** Products with one matrix. */
export class Matrix {
  readonly #recorder: Recorder;
  readonly #weights: Tensor;
  readonly #transposed: Tensor;
  readonly #rows: Tensor[] = [];
  readonly #gradients: Tensor[] = [];
  #token: Tensor | undefined;

  /** @param weights - `[m, n]` */
  constructor(recorder: Recorder, weights: Tensor) {
    this.#recorder = recorder;
    this.#weights = recorder.hold(weights);
    this.#transposed = recorder.tf.transpose(weights);
  }

  /** `v` `[…, n]` → `[…, m]`, every vector multiplied. */
  times(v: Tensor): Tensor {
    const [m, n] = this.#weights.shape as [number, number];
    const products = this.#rowProducts(this.#recorder.reshaped(v, [v.size / n, n]));
    return this.#recorder.reshaped(products, [...v.shape.slice(0, -1), m]);
  }

  #rowProducts(rows: Tensor): Tensor {
    const recorder = this.#recorder;
    const { tf } = recorder;
    this.#token ??= this.#makeToken();
    recorder.hold(rows);
    return recorder.custom([this.#token, rows], () => ({
      value: product(tf, rows, this.#transposed),
      gradient: (dy) => {
        this.#rows.push(rows);
        this.#gradients.push(dy);
        return [tf.scalar(0), product(tf, dy, this.#weights)];
      },
    }));
  }

  /**
   * Stands for the matrix on the tape. It comes before all products, so the tape asks for its gradient after theirs, when
   * the gradients of all products are there to be multiplied at once.
   */
  #makeToken(): Tensor {
    const { tf } = this.#recorder;
    return this.#recorder.custom([this.#weights], () => ({
      value: tf.scalar(0),
      gradient: () => [product(tf, tf.transpose(tf.concat(this.#gradients, 0)), tf.concat(this.#rows, 0))],
    }));
  }
}
