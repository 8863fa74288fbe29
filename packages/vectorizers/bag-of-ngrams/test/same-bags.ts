// Whether two sparse matrices are the same.
import type { SparseMatrix } from '@unrolled/vectorizer-bag-of-ngrams';
import { expect } from 'vitest';

/** Of two values that come from the same sum by two logarithms, each within one unit in the last place. */
const TOLERANCE = 4 * 2 ** -52;

/** The same entries, with the same counts; other values may differ in their last bits. */
export function expectSameBags(found: SparseMatrix, expected: SparseMatrix, where: string): void {
  expect(found.shape, where).toEqual(expected.shape);
  expect(found.indptr, where).toEqual(expected.indptr);
  expect(found.indices, where).toEqual(expected.indices);
  expect(found.values.length, where).toBe(expected.values.length);
  for (const [at, value] of expected.values.entries()) {
    const difference = Math.abs((found.values[at] as number) - value);
    const allowed = Number.isInteger(value) ? 0 : TOLERANCE * Math.abs(value);
    if (!(difference <= allowed)) expect.fail(`${where}: entry ${at} is ${found.values[at]}, not ${value}`);
  }
}
