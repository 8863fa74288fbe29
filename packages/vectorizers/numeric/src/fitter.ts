// Sees the training part once: how wide its rows are, and mean, deviation and range of each feature.
import { counted, type Encoder, type Fitter, UnrolledError } from '@unrolled/core';
import { type Arrangement, arrangementOf } from './arrangement.ts';
import { encoderOf } from './encoder.ts';
import type { NumericOptions } from './options.ts';
import { checkRows, type Rows } from './rows.ts';
import { scalingOf } from './scaling.ts';
import { StatisticsCounter } from './statistics.ts';

/** A fitter of numbers. */
export interface NumericFitter extends Fitter {
  /** Adds what another fitter with the same options has seen. @throws UnrolledError `FITTER_MISMATCH` */
  readonly merge: (other: Fitter) => void;
}

interface Seen {
  readonly options: NumericOptions;
  examples: number;
  /** Undefined until the first example that has a step. */
  known: { readonly arrangement: Arrangement; readonly counter: StatisticsCounter } | undefined;
}

/** What is behind each fitter, so that two can be merged. */
const behind = /* @__PURE__ */ new WeakMap<Fitter, Seen>();

/** Begins to fit. */
export function numericFitter(options: NumericOptions): NumericFitter {
  const seen: Seen = { options, examples: 0, known: undefined };
  const fitter: NumericFitter = {
    add: (example) => add(seen, example as Rows),
    merge: (other) => merge(seen, behind.get(other)),
    build: () => build(seen),
  };
  behind.set(fitter, seen);
  return fitter;
}

function add(seen: Seen, rows: Rows): void {
  checkRows(rows, seen.known?.arrangement.width, 0);
  const [first] = rows;
  if (first) {
    const arrangement = seen.known?.arrangement ?? arrangementOf(seen.options, first.length, rows.length);
    const steps = arrangement.arrange(rows);
    seen.known ??= { arrangement, counter: new StatisticsCounter(arrangement.size) };
    seen.known.counter.add(steps);
  }
  seen.examples += 1;
}

function merge(seen: Seen, other: Seen | undefined): void {
  if (!other || stepsText(other.options) !== stepsText(seen.options))
    throw mismatch('A fitter of numbers can only be merged with another of the same options.');
  seen.examples += other.examples;
  if (!other.known) return;
  const { arrangement, counter } = other.known;
  seen.known ??= { arrangement, counter: new StatisticsCounter(arrangement.size) };
  const { width, height } = seen.known.arrangement;
  if (width !== arrangement.width || height !== arrangement.height)
    throw mismatch(`One fitter has seen ${sizeText({ width, height })}, the other ${sizeText(arrangement)}.`);
  seen.known.counter.merge(counter);
}

function build({ options, examples, known }: Seen): Encoder {
  if (!known)
    throw new UnrolledError('DATA_EMPTY', 'No example has a step, so the size of a step is not known.', {
      mend: 'Fit on at least one example with a row of numbers.',
    });
  const { arrangement, counter } = known;
  return encoderOf({ arrangement, scaling: scalingOf(options.scale, counter), examples, steps: counter.count });
}

function stepsText({ steps, patch, channels }: NumericOptions): string {
  return steps === 'patches' ? `${steps} of ${patch} with ${channels}` : steps;
}

function sizeText({ width, height }: Pick<Arrangement, 'width' | 'height'>): string {
  return `${height === undefined ? '' : `${height} `}rows of ${counted(width, 'number')}`;
}

function mismatch(message: string): UnrolledError {
  return new UnrolledError('FITTER_MISMATCH', message, {
    mend: 'Merge fitters of the same vectorizer, options and data.',
  });
}
