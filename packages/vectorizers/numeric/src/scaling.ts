// How each feature is scaled: a number is taken off, and what is left is divided.
import { UnrolledError } from '@unrolled/core';
import type { NumericOptions } from './options.ts';
import type { Statistics } from './statistics.ts';

/** (value − shift) ÷ divisor, `[features]` each. */
export interface Scaling {
  /** What is taken off. */
  readonly shift: Float64Array;
  /** What the rest is divided by; 1 for a feature that never changes, which so becomes 0. */
  readonly divisor: Float64Array;
  /** How many features never change. */
  readonly constant: number;
}

const EPSILON = 2.220446049250313e-16;

/** The scaling that the statistics ask for; undefined for none. @throws UnrolledError `DATA_INVALID` for numbers too large to scale */
export function scalingOf(scale: NumericOptions['scale'], statistics: Statistics): Scaling | undefined {
  if (scale === 'none') return undefined;
  const { mean, minimum } = statistics;
  const shift = Float64Array.from(scale === 'standardize' ? mean : minimum);
  const spread = scale === 'standardize' ? deviationOf : rangeOf;
  let constant = 0;
  const divisor = shift.map((offset, feature) => {
    const value = spread(statistics, feature);
    if (!Number.isFinite(value) || !Number.isFinite(offset)) throw tooLarge(feature, statistics);
    if (value > 0) return value;
    constant += 1;
    return 1;
  });
  return { shift, divisor, constant };
}

/** Population standard deviation; 0 where it is no more than rounding leaves of equal values, by scikit-learn's bound. */
function deviationOf({ count, mean, squares }: Statistics, feature: number): number {
  const variance = (squares[feature] as number) / count;
  if (!Number.isFinite(variance)) return variance;
  const rounding = count * (mean[feature] as number) * EPSILON;
  return variance <= count * EPSILON * variance + rounding * rounding ? 0 : Math.sqrt(variance);
}

function rangeOf({ minimum, maximum }: Statistics, feature: number): number {
  return (maximum[feature] as number) - (minimum[feature] as number);
}

function tooLarge(feature: number, { minimum, maximum }: Statistics): UnrolledError {
  const range = `${minimum[feature]} to ${maximum[feature]}`;
  return new UnrolledError('DATA_INVALID', `Number ${feature + 1} of the steps goes from ${range}: too far to scale.`, {
    mend: 'Bring it into a smaller range first, or take scale: "none".',
  });
}

/** Scales steps `[steps, features]` in place. */
export function applyScaling({ shift, divisor }: Scaling, steps: Float64Array): void {
  const features = shift.length;
  for (let start = 0; start < steps.length; start += features)
    for (let feature = 0; feature < features; feature++) {
      const at = start + feature;
      steps[at] = ((steps[at] as number) - (shift[feature] as number)) / (divisor[feature] as number);
    }
}
