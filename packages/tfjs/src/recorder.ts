// Operations with gradients of their own, where TensorFlow.js has none, a slow one, or another convention.
//
// Everything here moves numbers, chooses among them or multiplies matrices; arithmetic is left to TensorFlow.js and its
// own gradients. A gradient never returns the tensor that it was given: the tape frees what it adds up.
import type { Tensor } from '@tensorflow/tfjs';
import { partsOf } from './parts.ts';
import type { Tf } from './tensorflow.ts';

type Gradient = (dy: Tensor) => Tensor[];

/** Makes operations that TensorFlow.js's tape records. */
export class Recorder {
  /** TensorFlow.js. */
  readonly tf: Tf;
  readonly #recording: boolean;
  readonly #held: Tensor[] = [];

  /** @param recording - whether gradients will be asked for. */
  constructor(tf: Tf, recording: boolean) {
    this.tf = tf;
    this.#recording = recording;
  }

  /** An operation of `inputs`. The tape keeps no copies: what the gradient reads must be held. */
  custom(inputs: readonly Tensor[], forward: () => { readonly value: Tensor; readonly gradient: Gradient }): Tensor {
    const operation = this.tf.customGrad(() => {
      const { value, gradient } = forward();
      return { value, gradFunc: (dy: Tensor) => gradient(dy) };
    });
    return operation(...inputs);
  }

  /**
   * Results that were computed off the tape, as an operation of `inputs` that is differentiated once, when the gradients of
   * all its results are there: undefined for one that the objective does not depend on.
   */
  several(
    inputs: readonly Tensor[],
    results: readonly Tensor[],
    gradient: (dys: readonly (Tensor | undefined)[]) => Tensor[],
  ): Tensor[] {
    const { tf } = this;
    const dys = new Array<Tensor | undefined>(results.length).fill(undefined);
    // Stands before all results on the tape, so its gradient is asked for after theirs.
    const token = this.custom(inputs, () => ({ value: tf.scalar(0), gradient: () => gradient(dys) }));
    return results.map((result, i) =>
      this.custom([token], () => ({
        value: result.clone(),
        gradient: (dy) => {
          dys[i] = dy;
          return [tf.scalar(0)];
        },
      })),
    );
  }

  /** Keeps a tensor for the gradients, until the pass is over. */
  hold(tensor: Tensor): Tensor {
    if (this.#recording && !tensor.kept) this.#held.push(this.tf.keep(tensor));
    return tensor;
  }

  /** Frees what was held. */
  release(): void {
    for (const tensor of this.#held) tensor.dispose();
  }

  /** The same numbers in another shape. */
  reshaped(x: Tensor, shape: readonly number[]): Tensor {
    if (x.shape.length === shape.length && x.shape.every((size, i) => size === shape[i])) return x;
    const { tf } = this;
    const from = x.shape;
    return this.custom([x], () => ({
      value: tf.reshape(x, [...shape]),
      gradient: (dy) => [tf.reshape(dy, from)],
    }));
  }

  /** Repeats along the axes where `x` has size 1 and `shape`, of the same rank, has more; or repeats a single number. */
  expanded(x: Tensor, shape: readonly number[]): Tensor {
    const { tf } = this;
    const scalar = x.rank === 0;
    const axes = shape.flatMap((size, i) => (size === x.shape[i] ? [] : [i]));
    if (axes.length === 0) return x;
    // Adding zeros is how the wasm backend repeats fast: its Tile goes number by number.
    return this.custom([x], () => ({
      value: tf.add(x, tf.zeros([...shape])),
      gradient: (dy) => [tf.sum(dy, axes, !scalar)],
    }));
  }

  /** Joins tensors along an axis that all of them have. */
  joined(parts: readonly Tensor[], axis: number): Tensor {
    const { tf } = this;
    if (parts.length === 1) return parts[0] as Tensor;
    const sizes = parts.map((part) => part.shape.at(axis) as number);
    return this.custom(parts, () => ({
      value: tf.concat([...parts], axis),
      gradient: (dy) => partsOf(tf, dy, sizes, axis),
    }));
  }

  /** Tensors of one shape as one, along a new first axis. */
  stacked(elements: readonly Tensor[]): Tensor {
    return this.joined(
      elements.map((element) => this.reshaped(element, [1, ...element.shape])),
      0,
    );
  }

  /** `condition ? yes : no`, all of one shape; the condition has no gradient. */
  chosen(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
    const { tf } = this;
    this.hold(condition);
    return this.custom([yes, no], () => ({
      value: select(tf, condition, yes, no),
      gradient: (dy) => {
        const zeros = tf.zerosLike(dy);
        return [select(tf, condition, dy, zeros), select(tf, condition, zeros, dy)];
      },
    }));
  }

  /** `x` where the mask of its shape is true, else `fill`. */
  masked(x: Tensor, mask: Tensor, fill: number): Tensor {
    const { tf } = this;
    this.hold(mask);
    return this.custom([x], () => ({
      value: select(tf, mask, x, tf.fill(x.shape, fill)),
      gradient: (dy) => [select(tf, mask, dy, tf.zerosLike(dy))],
    }));
  }

  /** The same numbers, cut off from the tape. */
  stopped(x: Tensor): Tensor {
    return this.custom([], () => ({ value: x.clone(), gradient: () => [] }));
  }

  /** |x| with the derivative 0 at 0. */
  absolute(x: Tensor): Tensor {
    const { tf } = this;
    this.hold(x);
    return this.custom([x], () => ({ value: tf.abs(x), gradient: (dy) => [tf.mul(dy, tf.sign(x))] }));
  }

  /** Largest along an axis, whose derivative is 1 at the first largest alone. */
  largest(x: Tensor, axis: number): Tensor {
    const { tf } = this;
    this.hold(x);
    return this.custom([x], () => ({
      value: tf.max(x, axis),
      gradient: (dy) => [tf.mul(tf.expandDims(dy, axis), firstLargest(tf, x, axis))],
    }));
  }

  /** Rows of `table` `[V, n]` by number: `[…numbers, n]`. The gradient sums by ScatterNd, which every backend has. */
  rowsAt(table: Tensor, numbers: Tensor): Tensor {
    const { tf } = this;
    const indices = this.hold(tf.expandDims(numbers, -1));
    const shape = table.shape as [number, number];
    // GatherNd copies whole rows where the wasm backend's Gather goes number by number.
    return this.custom([table], () => ({
      value: tf.gatherND(table, indices),
      gradient: (dy) => [tf.scatterND(indices as never, dy, shape)],
    }));
  }
}

/** What `tf.where` does after copying all three operands, in case they have to be repeated. */
function select(tf: Tf, condition: Tensor, t: Tensor, e: Tensor): Tensor {
  return tf.engine().runKernel('Select', { condition, t, e });
}

/** 1 at the first largest along an axis, else 0. */
function firstLargest(tf: Tf, x: Tensor, axis: number): Tensor {
  const hot = oneHot(tf, tf.argMax(x, axis), x.shape[axis] as number);
  const order = Array.from({ length: x.rank - 1 }, (_, i) => i);
  order.splice(axis, 0, x.rank - 1);
  return tf.transpose(hot, order);
}

/** One-hot vectors `[…numbers, size]`. TensorFlow.js refuses a size of 1. */
export function oneHot(tf: Tf, numbers: Tensor, size: number): Tensor {
  if (size === 1) return tf.ones([...numbers.shape, 1]);
  // The wasm backend writes integers into a float32 tensor, and webgpu only says that cast integers are float32.
  if (tf.getBackend() === 'wasm') return tf.cast(tf.oneHot(numbers as never, size), 'float32');
  return tf.oneHot(numbers as never, size, 1, 0, 'float32');
}
