// Lays small parameters together in one block: an update takes some thirty operations for each tensor, whatever its size.
import type { ParameterInfo } from '@unrolled/core';
import { sizeOf } from '@unrolled/equations';
import { partsOf } from './parts.ts';
import type { Tf, TfTensor } from './tensorflow.ts';

type Info = Pick<ParameterInfo, 'name' | 'shape'>;

/** Parameters of more numbers are not worth copying. */
const joinedBelow = 32_768;

/** What a block's size is a multiple of, so that its numbers can be summed in rows. */
export const rowLength = 16;

/** Which parameters are one block. */
export class Blocks {
  /** Name and shape of each block: a vector where it is several parameters. */
  readonly infos: readonly Info[];
  readonly #tf: Tf;
  readonly #parameters: readonly Info[];
  /** Numbers of the parameters of each block, those beside each other that differ in their first size alone: a stack. */
  readonly #members: readonly (readonly (readonly number[])[])[];

  /** @param joins - whether small parameters are laid together; else each is a block. */
  constructor(tf: Tf, parameters: readonly Info[], joins: boolean) {
    this.#tf = tf;
    this.#parameters = parameters;
    const small = parameters.flatMap(({ shape }, i) => (joins && sizeOf(shape) < joinedBelow ? [i] : []));
    const together = small.length > 1 ? [small] : [];
    const alone = [...parameters.keys()].filter((i) => together.length === 0 || !small.includes(i));
    this.#members = [...together.map((each) => this.#stacks(each)), ...alone.map((i) => [[i]])];
    this.infos = this.#members.map((stacks) => this.#infoOf(stacks.flat()));
  }

  /** Tensors by parameter as tensors by block; one alone stays what it is. */
  joined(tensors: readonly TfTensor[]): TfTensor[] {
    const tf = this.#tf;
    return this.#members.map((stacks) => {
      if (isAlone(stacks)) return tensors[stacks[0]?.[0] as number] as TfTensor;
      const flat = stacks.map((members) => {
        // Stacked before they are flattened, since TensorFlow for Node runs an operation for each new shape.
        const own = members.map((i) => tensors[i] as TfTensor);
        const whole = joinedOf(
          tf,
          own.map((tensor) => (tensor.rank === 0 ? tf.reshape(tensor, [1]) : tensor)),
        );
        return whole.rank === 1 ? whole : tf.reshape(whole, [-1]);
      });
      const padding = this.#paddingOf(stacks.flat());
      return joinedOf(tf, padding > 0 ? [...flat, tf.zeros([padding])] : flat);
    });
  }

  /** Tensors by block as tensors by parameter. */
  parted(blocks: readonly TfTensor[]): TfTensor[] {
    const tf = this.#tf;
    const parts = new Array<TfTensor>(this.#parameters.length);
    this.#members.forEach((stacks, block) => {
      const whole = blocks[block] as TfTensor;
      if (isAlone(stacks)) {
        parts[stacks[0]?.[0] as number] = whole;
        return;
      }
      const sizes = stacks.map((members) => members.reduce((sum, i) => sum + this.#sizeOf(i), 0));
      const padding = this.#paddingOf(stacks.flat());
      const flat = partsOf(tf, whole, padding > 0 ? [...sizes, padding] : sizes, 0);
      stacks.forEach((members, at) => {
        const heights = members.map((i) => this.#shapeOf(i)[0] ?? 1);
        const [, ...rest] = this.#shapeOf(members[0] as number);
        const own = flat[at] as TfTensor;
        const stack = rest.length === 0 ? own : tf.reshape(own, [-1, ...rest]);
        partsOf(tf, stack, heights, 0).forEach((part, place) => {
          const i = members[place] as number;
          parts[i] = this.#shapeOf(i).length === 0 ? tf.reshape(part, []) : part;
        });
      });
    });
    return parts;
  }

  /** Numbers by block as numbers by parameter. */
  partedNumbers(blocks: readonly Float32Array[]): Float32Array[] {
    const parts = new Array<Float32Array>(this.#parameters.length);
    this.#members.forEach((stacks, block) => {
      let from = 0;
      for (const i of stacks.flat()) {
        parts[i] = (blocks[block] as Float32Array).slice(from, from + this.#sizeOf(i));
        from += this.#sizeOf(i);
      }
    });
    return parts;
  }

  /** Parameters whose rows are alike, together. */
  #stacks(parameters: readonly number[]): readonly (readonly number[])[] {
    const byRow = new Map<string, number[]>();
    for (const i of parameters) {
      const row = `${this.#shapeOf(i).slice(1)}`;
      const stack = byRow.get(row) ?? [];
      byRow.set(row, stack);
      stack.push(i);
    }
    return [...byRow.values()];
  }

  #infoOf(members: readonly number[]): Info {
    const first = this.#parameters[members[0] as number] as Info;
    if (members.length === 1) return first;
    const size = members.reduce((sum, i) => sum + this.#sizeOf(i), 0);
    return { name: `${first.name} and others`, shape: [Math.ceil(size / rowLength) * rowLength] };
  }

  #paddingOf(members: readonly number[]): number {
    const size = members.reduce((sum, i) => sum + this.#sizeOf(i), 0);
    return Math.ceil(size / rowLength) * rowLength - size;
  }

  #shapeOf(parameter: number): readonly number[] {
    return this.#parameters[parameter]?.shape ?? [];
  }

  #sizeOf(parameter: number): number {
    return sizeOf(this.#shapeOf(parameter));
  }
}

function isAlone(stacks: readonly (readonly number[])[]): boolean {
  return stacks.length === 1 && stacks[0]?.length === 1;
}

function joinedOf(tf: Tf, tensors: readonly TfTensor[]): TfTensor {
  return tensors.length === 1 ? (tensors[0] as TfTensor) : tf.concat([...tensors], 0);
}
