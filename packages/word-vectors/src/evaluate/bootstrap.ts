// How sure a measure is: the percentile bootstrap over items, and the spread over seeds.
import { drawUniform, UnrolledError } from '@unrolled/core';
import { checkWhole } from '../check-whole.ts';

/** A measure with an interval of confidence. */
export interface Estimate {
  /** The measure of all items. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
}

/** How an interval of confidence is drawn. */
export interface ConfidenceOptions {
  /** Share of intervals that hold the true value; 0.95 by default. */
  readonly level?: number;
  /** How many samples are drawn; 1,000 by default. */
  readonly samples?: number;
  /** Of the draws; 1 by default. */
  readonly seed?: number;
}

/**
 * The measure of `count` items and its percentile bootstrap: items are drawn with replacement `samples` times. Samples whose
 * measure is NaN are left out.
 *
 * Source: Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 13.
 *
 * @param measure - of the items whose numbers it gets.
 */
export function bootstrap(
  count: number,
  measure: (items: Uint32Array) => number,
  { level = 0.95, samples = 1000, seed = 1 }: ConfidenceOptions = {},
): Estimate {
  checkWhole('samples', samples);
  if (!(level > 0 && level < 1))
    throw new UnrolledError('OPTION_INVALID', `Option "level" must be between 0 and 1, but ${level} was given.`, {
      mend: 'Leave it out for 0.95.',
    });
  const items = Uint32Array.from({ length: count }, (_, i) => i);
  const value = measure(items);
  const drawn: number[] = [];
  for (let update = 0; update < samples; update++) {
    const position = { seed, purpose: 'sample', update } as const;
    for (let i = 0; i < count; i++) items[i] = Math.floor(drawUniform(position, i) * count);
    const of = measure(items);
    if (!Number.isNaN(of)) drawn.push(of);
  }
  drawn.sort((a, b) => a - b);
  return { value, low: quantile(drawn, (1 - level) / 2), high: quantile(drawn, (1 + level) / 2) };
}

/** Between two neighbours in proportion; NaN of nothing. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below === undefined || above === undefined ? Number.NaN : below + (above - below) * (at - Math.floor(at));
}

/** A measure over several trainings. */
export interface Spread {
  /** Mean of the values. */
  readonly mean: number;
  /** Sample standard deviation (divided by n − 1); NaN of one value. */
  readonly deviation: number;
  /** The least value. */
  readonly minimum: number;
  /** The greatest value. */
  readonly maximum: number;
}

/** The spread of a measure over trainings with different seeds. @throws UnrolledError `OPTION_INVALID` for no values */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0)
    throw new UnrolledError('OPTION_INVALID', 'There are no values: an empty list was given.', {
      mend: 'Give the measure of one training or more.',
    });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return { mean, deviation, minimum: Math.min(...values), maximum: Math.max(...values) };
}
