// Whether counts can be added up, and the error where they can't.
import { UnrolledError } from '@unrolled/core';
import type { BagVectorizerOptions } from './options.ts';

/** Of counts that were not made with the same options. */
export function mismatch(): UnrolledError {
  return new UnrolledError('FITTER_MISMATCH', 'Counts of n-grams can only be merged with others of the same options.', {
    mend: 'Merge vectorizers that were made with the same options by the same installed version.',
  });
}

/** Whether two sets of options, with their defaults filled in, say the same. */
export function sameOptions(a: BagVectorizerOptions, b: BagVectorizerOptions): boolean {
  const names = Object.keys(a) as (keyof BagVectorizerOptions)[];
  return names.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));
}
