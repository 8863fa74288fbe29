// Tensors by parameter: the weights, each state of an optimizer, gradients that wait.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import type { ParameterInfo, Tensor, Tensors } from '@unrolled/core';
import type { Tf } from './tensorflow.ts';

/** One tensor for each parameter, in the parameter's shape; kept until replaced or disposed. */
export class ParameterTensors {
  /** Names and shapes, in order. */
  readonly infos: readonly Pick<ParameterInfo, 'name' | 'shape'>[];
  readonly #tf: Tf;
  readonly #tensors = new Map<string, TfTensor>();

  /** Takes over `tensors`, or starts with zeros. */
  constructor(tf: Tf, infos: ParameterTensors['infos'], tensors?: ReadonlyMap<string, TfTensor>) {
    this.#tf = tf;
    this.infos = infos;
    for (const { name, shape } of infos) this.#tensors.set(name, tf.keep(tensors?.get(name) ?? tf.zeros([...shape])));
  }

  /** By name. */
  get byName(): ReadonlyMap<string, TfTensor> {
    return this.#tensors;
  }

  /** In the order of the parameters. */
  get all(): readonly TfTensor[] {
    return this.infos.map(({ name }) => this.#tensors.get(name) as TfTensor);
  }

  /** Takes a new tensor over and frees the old one. */
  replace(name: string, tensor: TfTensor): void {
    this.#tensors.get(name)?.dispose();
    this.#tensors.set(name, this.#tf.keep(tensor));
  }

  /** Takes over a new tensor for each parameter, in their order, and frees those that it replaces. */
  replaceAll(tensors: readonly TfTensor[]): void {
    this.infos.forEach(({ name }, i) => {
      if (tensors[i] !== this.#tensors.get(name)) this.replace(name, tensors[i] as TfTensor);
    });
  }

  /** A copy as plain data. */
  async read(): Promise<Record<string, Tensor>> {
    const data = await Promise.all(this.all.map((tensor) => tensor.data()));
    return Object.fromEntries(
      this.infos.map(({ name, shape }, i) => [name, { shape, data: Float32Array.from(data[i] ?? []) }]),
    );
  }

  /** Overwrites what is given, which must have been checked. */
  write(tensors: Tensors): void {
    for (const [name, { shape, data }] of Object.entries(tensors))
      this.replace(name, this.#tf.tensor(Float32Array.from(data), [...shape]));
  }

  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
  }
}
