// Products of plain matrices.
import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from './tensorflow.ts';

/** A kernel of two matrices that a backend may register, where its own product of matrices is slower than it could be. */
export const productKernel = 'UnrolledProduct';

/** `a` `[m, k]` times `b` `[k, n]`, off the tape. */
export function product(tf: Tf, a: Tensor, b: Tensor): Tensor {
  if (tf.getKernel(productKernel, tf.getBackend()) === undefined) return tf.matMul(a, b);
  return tf.engine().runKernel(productKernel, { a, b });
}
