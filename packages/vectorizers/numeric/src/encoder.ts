// The numeric encoder: rows as steps, scaled; and as plain data.
import type { Encoder } from '@unrolled/core';
import type { Arrangement } from './arrangement.ts';
import { checkRows, invalid, type Rows } from './rows.ts';
import { applyScaling, type Scaling } from './scaling.ts';

/** What an encoder knows of the examples that it was fitted on. */
export interface Fitted {
  /** How rows become steps. */
  readonly arrangement: Arrangement;
  /** How steps are scaled; undefined for not at all. */
  readonly scaling: Scaling | undefined;
  /** Examples seen. */
  readonly examples: number;
  /** Steps seen. */
  readonly steps: number;
}

/** What `toJSON` gives. */
export interface NumericData {
  /** Numbers of a row. */
  readonly width: number;
  /** Rows of a picture, where examples are pictures. */
  readonly height?: number;
  /** Examples that were fitted on. */
  readonly examples: number;
  /** Their steps. */
  readonly steps: number;
  /** How each feature is scaled, where it is. */
  readonly scaling?: {
    /** What is taken off, `[features]`. */
    readonly shift: readonly number[];
    /** What the rest is divided by, `[features]`. */
    readonly divisor: readonly number[];
    /** How many features never change. */
    readonly constant: number;
  };
}

/** The encoder of what was fitted. */
export function encoderOf(fitted: Fitted): Encoder {
  const { arrangement, scaling, examples, steps } = fitted;
  const { size, width } = arrangement;
  return {
    input: { kind: 'vectors', size },
    encode: (example, before = 0) => {
      checkRows(example as Rows, width, before);
      const values = arrangement.arrange(example as Rows);
      if (scaling) applyScaling(scaling, values);
      const at = scaling ? values.findIndex((value) => !Number.isFinite(value)) : -1;
      if (at >= 0) throw tooFar(at, size, before);
      return { kind: 'vectors', values, size };
    },
    toJSON: () => dataOf(fitted),
    report: () => ({ examples, steps, features: size, ...(scaling && { constantFeatures: scaling.constant }) }),
  };
}

function dataOf({ arrangement: { width, height }, scaling, examples, steps }: Fitted): NumericData {
  return {
    width,
    ...(height !== undefined && { height }),
    examples,
    steps,
    ...(scaling && {
      scaling: { shift: [...scaling.shift], divisor: [...scaling.divisor], constant: scaling.constant },
    }),
  };
}

function tooFar(at: number, size: number, before: number): Error {
  const place = `Step ${before + Math.floor(at / size) + 1}, number ${(at % size) + 1},`;
  return invalid(`${place} lies too far from what was fitted on to be scaled.`);
}
