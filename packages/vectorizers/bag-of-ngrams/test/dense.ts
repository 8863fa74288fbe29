// Sparse rows written out, for tests to read.
import type { SparseMatrix } from '@unrolled/vectorizer-bag-of-ngrams';

/** Every row with its zeros. */
export function dense({ shape: [rows, columns], indptr, indices, values }: SparseMatrix): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const written = new Array<number>(columns).fill(0);
    for (let at = indptr[row] as number; at < (indptr[row + 1] as number); at++)
      written[indices[at] as number] = values[at] as number;
    return written;
  });
}
