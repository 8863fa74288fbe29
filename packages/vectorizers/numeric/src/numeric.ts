// The numeric vectorizer: sequences of vectors and pictures as steps.
import { defineVectorizer, type Encoder, parseOptions, type Vectorizer } from '@unrolled/core';
import { type NumericFitter, numericFitter } from './fitter.ts';
import { type NumericOptions, numericOptions } from './options.ts';
import { restoreEncoder } from './restore.ts';

export type { NumericFitter } from './fitter.ts';

/**
 * Reads an example's rows of numbers, `values` `[rows, width]`, and emits steps `[steps, size]`: each row; or, of a picture
 * `[height, width × channels]`, square patches `[patch, patch, channels]` or all of it as one step. Each of a step's numbers is
 * scaled by what was fitted on, if asked for. Nothing is learned here.
 */
export const numeric: Vectorizer<'numeric', NumericOptions, 'steps', 'numbers'> = /* @__PURE__ */ defineVectorizer({
  name: 'numeric',
  package: '@unrolled/vectorizer-numeric',
  options: numericOptions,
  emits: 'steps',
  reads: 'numbers',
  fit: numericFitter,
  restore: restoreEncoder,
});

/** A numeric vectorizer with its options bound. */
export interface NumericVectorizer {
  /** Begins to fit. */
  readonly fit: () => NumericFitter;
  /** An encoder from what `toJSON` gave. @throws UnrolledError `MODEL_CORRUPT` */
  readonly restore: (data: unknown) => Encoder;
}

/**
 * The vectorizer with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function numericVectorizer(options: Partial<NumericOptions> = {}): NumericVectorizer {
  const bound = parseOptions(numeric.options, options, 'vectorizer "numeric"');
  return { fit: () => numericFitter(bound), restore: (data) => restoreEncoder(bound, data) };
}
