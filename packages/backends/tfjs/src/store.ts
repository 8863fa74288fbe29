// All parameters as one flat tensor, so that clipping and the optimizer take a few operations in all.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import { type ParameterInfo, type Tensor, type Tensors, UnrolledError } from '@unrolled/core';
import { sizeOf } from '@unrolled/equations';
import type { Tf } from './load.ts';

/** Where a parameter lies in the flat tensor. */
interface Place {
  readonly info: ParameterInfo;
  readonly from: number;
  readonly size: number;
}

/** The weights. */
export class ParameterStore {
  readonly #tf: Tf;
  readonly #places: readonly Place[];
  /** Number of weights. */
  readonly size: number;
  #weights: TfTensor;

  constructor(tf: Tf, parameters: readonly ParameterInfo[]) {
    this.#tf = tf;
    let from = 0;
    this.#places = parameters.map((info) => {
      const size = sizeOf(info.shape);
      const place = { info, from, size };
      from += size;
      return place;
    });
    this.size = from;
    this.#weights = tf.keep(tf.zeros([from]));
  }

  /** All weights `[size]`. */
  get weights(): TfTensor {
    return this.#weights;
  }

  /** Takes over new weights and frees the old. */
  replace(weights: TfTensor): void {
    this.#weights.dispose();
    this.#weights = this.#tf.keep(weights);
  }

  /** Parameters as slices, recorded on the tape. */
  split(flat: TfTensor): ReadonlyMap<string, TfTensor> {
    return new Map(
      this.#places.map(({ info, from, size }) => [
        info.name,
        this.#tf.slice(flat, [from], [size]).reshape([...info.shape]),
      ]),
    );
  }

  /** A flat tensor by parameter as plain data; frees it. */
  async tensors(flat: TfTensor): Promise<Tensors> {
    const data = (await flat.data()) as Float32Array;
    flat.dispose();
    return this.named(data);
  }

  /** Flat numbers by parameter. */
  named(data: Float32Array, prefix = ''): Record<string, Tensor> {
    return Object.fromEntries(
      this.#places.map(({ info, from, size }) => [
        `${prefix}${info.name}`,
        { shape: info.shape, data: data.slice(from, from + size) },
      ]),
    );
  }

  async read(): Promise<Tensors> {
    return this.named((await this.#weights.data()) as Float32Array);
  }

  /** @throws UnrolledError `PARAMETER_UNKNOWN` or `SHAPE_MISMATCH` */
  check(tensors: Tensors, prefix = ''): void {
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      const place = this.#places.find(({ info }) => `${prefix}${info.name}` === name);
      if (!place) {
        const known = this.#places.map(({ info }) => `${prefix}${info.name}`).join(', ');
        throw new UnrolledError('PARAMETER_UNKNOWN', `There is no parameter "${name}"; there are ${known}.`);
      }
      const expected = place.info.shape;
      if (shape.join() !== expected.join() || data.length !== place.size)
        throw new UnrolledError(
          'SHAPE_MISMATCH',
          `"${name}" has shape [${expected.join(', ')}], but [${shape.join(', ')}] with ${data.length} numbers was given.`,
        );
    }
  }

  async write(tensors: Tensors): Promise<void> {
    const data = Float32Array.from(await this.#weights.data());
    this.overwrite(data, tensors);
    this.replace(this.#tf.tensor1d(data));
  }

  /** Copies named tensors into flat numbers. */
  overwrite(flat: Float32Array, tensors: Tensors, prefix = ''): void {
    for (const { info, from } of this.#places) {
      const given = tensors[`${prefix}${info.name}`];
      if (given) flat.set(given.data, from);
    }
  }

  dispose(): void {
    this.#weights.dispose();
  }
}
