// One-hot vectors written out, for eyes and for other libraries; networks never need them.
import { UnrolledError } from '@unrolled/core';

/**
 * Numbers as one-hot vectors, row-major `[steps, vocabulary]`.
 * @param ids - `[steps]`, each from 0 to `vocabulary` − 1.
 * @throws UnrolledError `TOKEN_ID_INVALID`
 */
export function oneHotVectors(ids: ArrayLike<number>, vocabulary: number): Float32Array {
  const vectors = new Float32Array(ids.length * vocabulary);
  for (let step = 0; step < ids.length; step++) {
    const id = ids[step] as number;
    if (!Number.isInteger(id) || id < 0 || id >= vocabulary)
      throw new UnrolledError('TOKEN_ID_INVALID', `${id} (step ${step}) is not a number from 0 to ${vocabulary - 1}.`, {
        mend: 'Give ids of that vocabulary, or its true size.',
      });
    vectors[step * vocabulary + id] = 1;
  }
  return vectors;
}
