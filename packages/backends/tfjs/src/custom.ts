// Operations with gradients of their own, where TensorFlow.js has none, a slow one, or another convention.
import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from './load.ts';

type Gradient = (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];

/** A recorded operation of some tensors. TensorFlow.js types the save function and saved tensors loosely. */
function custom(
  tf: Tf,
  inputs: Tensor[],
  forward: (save: (tensors: Tensor[]) => void) => { value: Tensor; gradient: Gradient },
): Tensor {
  const operation = tf.customGrad((...all: unknown[]) => {
    const save = all.at(-1) as (tensors: Tensor[]) => void;
    const { value, gradient } = forward(save);
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => gradient(dy, saved) };
  });
  return operation(...inputs);
}

/**
 * Products of rows of `v` `[rows, n]` with `W` `[m, n]`, given also as its transpose: `[rows, m]`. All products, in the
 * gradient too, are of plain matrices, since the wasm backend multiplies transposed ones without SIMD.
 */
export function rowProducts(tf: Tf, w: Tensor, transposed: Tensor, v: Tensor): Tensor {
  return custom(tf, [w, v], (save) => {
    save([w, v]);
    return {
      value: tf.matMul(v as never, transposed as never),
      gradient: (dy, [weights, rows]) => [
        tf.matMul(tf.transpose(dy) as never, rows as never),
        tf.matMul(dy as never, weights as never),
      ],
    };
  });
}

/** Rows of `table` `[V, n]` by number; its gradient sums by ScatterNd, which every backend has. */
export function lookUp(tf: Tf, table: Tensor, ids: Tensor): Tensor {
  return custom(tf, [table], (save) => {
    save([ids]);
    return {
      value: tf.gather(table, ids as never),
      gradient: (dy, [saved]) => {
        const flat = (saved as Tensor).flatten().expandDims(1);
        return tf.scatterND(flat as never, dy.reshape([flat.shape[0] as number, -1]), table.shape as [number, number]);
      },
    };
  });
}

/** The same numbers without a gradient. */
export function stopGradient(tf: Tf, x: Tensor): Tensor {
  return custom(tf, [x], () => ({ value: x.clone(), gradient: (dy) => tf.zerosLike(dy) }));
}

/** |x| with the derivative 0 at 0. */
export function absolute(tf: Tf, x: Tensor): Tensor {
  return custom(tf, [x], (save) => {
    save([x]);
    return { value: tf.abs(x), gradient: (dy, [saved]) => dy.mul(tf.sign(saved as Tensor)) };
  });
}

/** Largest along an axis, whose derivative is 1 at the first largest alone. */
export function largest(tf: Tf, x: Tensor, axis: number): Tensor {
  return custom(tf, [x], (save) => {
    save([x]);
    return {
      value: tf.max(x, axis),
      gradient: (dy, [saved]) => tf.expandDims(dy, axis).mul(firstLargest(tf, saved as Tensor, axis)),
    };
  });
}

/** 1 at the first largest along an axis, else 0. */
export function firstLargest(tf: Tf, x: Tensor, axis: number): Tensor {
  const depth = x.shape[axis] as number;
  const hot = tf.oneHot(tf.argMax(x, axis) as never, depth);
  const order = Array.from({ length: x.rank }, (_, i) => i).slice(0, -1);
  order.splice(axis, 0, x.rank - 1);
  return tf.transpose(hot, order).toFloat();
}

/** Whether a > b; a comparison has no gradient, which TensorFlow.js has to be told. */
export function isGreater(tf: Tf, a: Tensor, b: Tensor): Tensor {
  return custom(tf, [a, b], (save) => {
    save([a, b]);
    return { value: tf.greater(a, b), gradient: (_, [x, y]) => [tf.zerosLike(x as Tensor), tf.zerosLike(y as Tensor)] };
  });
}
