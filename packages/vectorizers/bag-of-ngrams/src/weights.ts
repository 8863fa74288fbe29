// From counts to what stands in a bag: binary, sublinear, times the inverse document frequency, divided by a norm.
import { log } from '@unrolled/core';
import type { BagOptions } from './options.ts';
import type { Row } from './row.ts';

/** How counts become what a bag holds, but for inverse document frequencies. */
export interface Weighing {
  /** What stands for a count: the count, 1, or 1 + ln count with the sign of a hashed count. */
  readonly term: (count: number) => number;
  /** Divides the first `length` values of a row by their norm. */
  readonly normalise: (values: Float64Array, length: number) => void;
}

/** What a row consists of. */
type Parts = Pick<Row, 'columns' | 'values' | 'length'>;

/** ln((1 + n) ÷ (1 + df)) + 1 where `smooth`, else ln(n ÷ df) + 1, for each column. A column that was in no document counts as in one. */
export function inverseDocumentFrequencies(frequencies: Int32Array, documents: number, smooth: boolean): Float64Array {
  const more = smooth ? 1 : 0;
  // Few different frequencies make up most columns.
  const known = new Map<number, number>();
  return Float64Array.from(frequencies, (frequency) => {
    const divisor = Math.max(frequency + more, 1);
    const found = known.get(divisor) ?? log((documents + more) / divisor) + 1;
    known.set(divisor, found);
    return found;
  });
}

/** By the options. */
export function weighingOf({ weight, sublinear, norm }: BagOptions): Weighing {
  const usedNorm = norm === 'auto' ? (weight === 'tf-idf' ? 'l2' : 'none') : norm;
  return {
    term: weight === 'binary' ? () => 1 : sublinear ? dampened : (count) => count,
    normalise: usedNorm === 'none' ? () => {} : (values, length) => divideByNorm(values, length, usedNorm),
  };
}

/** Turns the counts of a row into what its columns hold, in place. @param inverse - of each column, for tf-idf. */
export function weigh({ columns, values, length }: Parts, by: Weighing, inverse: Float64Array | undefined): void {
  for (let at = 0; at < length; at++) {
    const term = by.term(values[at] as number);
    values[at] = inverse ? term * (inverse[columns[at] as number] as number) : term;
  }
  by.normalise(values, length);
}

/** 1 + ln count, with the sign of a hashed count; 0 stays 0. */
function dampened(count: number): number {
  if (count === 0) return 0;
  return count > 0 ? log(count) + 1 : -(log(-count) + 1);
}

function divideByNorm(values: Float64Array, length: number, norm: 'l1' | 'l2'): void {
  let sum = 0;
  for (let at = 0; at < length; at++) {
    const value = values[at] as number;
    sum += norm === 'l1' ? Math.abs(value) : value * value;
  }
  const divisor = norm === 'l1' ? sum : Math.sqrt(sum);
  if (divisor === 0) return;
  for (let at = 0; at < length; at++) values[at] = (values[at] as number) / divisor;
}
