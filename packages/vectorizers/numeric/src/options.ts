// Options of the numeric vectorizer.
import { choice, defineOptions, type OptionsSchema, size } from '@unrolled/core';

/** Options of the numeric vectorizer. */
export interface NumericOptions {
  /**
   * What a step is: a row of numbers; a square patch of a picture, from the top left, row of patches by row of patches; or the
   * whole picture, which is one step.
   */
  readonly steps: 'rows' | 'patches' | 'whole';
  /** Pixels along each side of a patch, where steps are patches. */
  readonly patch: number;
  /** Numbers of a pixel, which stand together in a row, where steps are patches: 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
  /**
   * How each number of a step is scaled by what was fitted on: not at all; to mean 0 and standard deviation 1; or from the range
   * that it had to 0 … 1.
   */
  readonly scale: 'none' | 'standardize' | 'range';
}

/** Their schema. */
export const numericOptions: OptionsSchema<NumericOptions> = /* @__PURE__ */ defineOptions<NumericOptions>({
  steps: /* @__PURE__ */ choice(
    'rows',
    ['rows', 'patches', 'whole'],
    'What a step is: a row, a square patch of a picture, or the whole picture.',
  ),
  patch: /* @__PURE__ */ size(8, 'Pixels along each side of a patch, where steps are patches.'),
  channels: /* @__PURE__ */ size(1, 'Numbers of a pixel, where steps are patches: 1 for grey, 3 for colours.'),
  scale: /* @__PURE__ */ choice(
    'none',
    ['none', 'standardize', 'range'],
    'How each number of a step is scaled: not, to mean 0 and deviation 1, or from its range to 0 … 1.',
  ),
});
