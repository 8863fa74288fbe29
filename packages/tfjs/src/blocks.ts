// Lays small parameters together in one block: an update takes some thirty operations for each tensor, whatever its size.
import type { ParameterInfo } from '@unrolled/core';
import { sizeOf } from '@unrolled/equations';
import { partsOf } from './parts.ts';
import type { Tf, TfTensor } from './tensorflow.ts';

type Info = Pick<ParameterInfo, 'name' | 'shape'>;

/** Parameters of more numbers are not worth copying. */
const joinedBelow = 32_768;

/** Length of a block's rows. Long float32 sums lose digits, so norms are summed along these alone in float32. */
const rowLength = 16;

/** Which parameters are one block. */
export class Blocks {
  /** Name and shape of each block. */
  readonly infos: readonly Info[];
  readonly #tf: Tf;
  readonly #parameters: readonly Info[];
  /** Numbers of the parameters of each block. */
  readonly #members: readonly (readonly number[])[];

  /** @param joins - whether small parameters are laid together; else each is a block. */
  constructor(tf: Tf, parameters: readonly Info[], joins: boolean) {
    this.#tf = tf;
    this.#parameters = parameters;
    const small = parameters.flatMap(({ shape }, i) => (joins && sizeOf(shape) < joinedBelow ? [i] : []));
    const together = small.length > 1 ? [small] : [];
    const alone = [...parameters.keys()].filter((i) => together.length === 0 || !small.includes(i));
    this.#members = [...together, ...alone.map((i) => [i])];
    this.infos = this.#members.map((members) => this.#infoOf(members));
  }

  /** Tensors by parameter as tensors by block; one alone stays what it is. */
  joined(tensors: readonly TfTensor[]): TfTensor[] {
    const tf = this.#tf;
    return this.#members.map((members, block) => {
      const own = members.map((i) => tensors[i] as TfTensor);
      if (own.length === 1) return own[0] as TfTensor;
      const flat = own.map((tensor) => (tensor.rank === 1 ? tensor : tf.reshape(tensor, [-1])));
      const padding = this.#padding(block);
      const whole = tf.concat(padding > 0 ? [...flat, tf.zeros([padding])] : flat, 0);
      return tf.reshape(whole, [...(this.infos[block]?.shape ?? [])]);
    });
  }

  /** Tensors by block as tensors by parameter. */
  parted(blocks: readonly TfTensor[]): TfTensor[] {
    const tf = this.#tf;
    const parts = new Array<TfTensor>(this.#parameters.length);
    this.#members.forEach((members, block) => {
      const whole = blocks[block] as TfTensor;
      if (members.length === 1) {
        parts[members[0] as number] = whole;
        return;
      }
      const padding = this.#padding(block);
      const sizes = [...members.map((i) => this.#sizeOf(i)), ...(padding > 0 ? [padding] : [])];
      const flat = partsOf(tf, tf.reshape(whole, [-1]), sizes, 0);
      members.forEach((i, at) => {
        const { shape } = this.#parameters[i] as Info;
        parts[i] = shape.length === 1 ? (flat[at] as TfTensor) : tf.reshape(flat[at] as TfTensor, [...shape]);
      });
    });
    return parts;
  }

  /** Numbers by block as numbers by parameter. */
  partedNumbers(blocks: readonly Float32Array[]): Float32Array[] {
    const parts = new Array<Float32Array>(this.#parameters.length);
    this.#members.forEach((members, block) => {
      let from = 0;
      for (const i of members) {
        parts[i] = (blocks[block] as Float32Array).slice(from, from + this.#sizeOf(i));
        from += this.#sizeOf(i);
      }
    });
    return parts;
  }

  #infoOf(members: readonly number[]): Info {
    const [first] = members.map((i) => this.#parameters[i] as Info);
    if (members.length === 1) return first as Info;
    const size = members.reduce((sum, i) => sum + this.#sizeOf(i), 0);
    return { name: `${first?.name} and others`, shape: [Math.ceil(size / rowLength), rowLength] };
  }

  #padding(block: number): number {
    const used = (this.#members[block] ?? []).reduce((sum, i) => sum + this.#sizeOf(i), 0);
    return sizeOf(this.infos[block]?.shape ?? []) - used;
  }

  #sizeOf(parameter: number): number {
    return sizeOf(this.#parameters[parameter]?.shape ?? []);
  }
}
