// The distribution that noise is drawn from, and the table that draws from it in constant time.
import { pow } from '@unrolled/core';

/** Probability of each word as noise: its count to the power of `exponent`, over the sum of all. */
export function noiseDistribution(counts: readonly number[], exponent: number): Float64Array {
  const weights = Float64Array.from(counts, (count) => pow(count, exponent));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

const TWO_32 = 4294967296;

/**
 * A table of two words of 32 bits for each column: the highest number of 32 bits at which the column itself is drawn, and the
 * column that is drawn beyond. All columns are equally likely.
 *
 * Source: Vose 1991, A linear algorithm for generating random numbers with a given distribution (Walker's alias method).
 */
export function aliasTable(probabilities: Float64Array): Uint32Array {
  const count = probabilities.length;
  const heights = probabilities.map((probability) => probability * count);
  const table = new Uint32Array(2 * count);
  const low: number[] = [];
  const high: number[] = [];
  for (const [column, height] of heights.entries()) (height < 1 ? low : high).push(column);
  const set = (column: number, height: number, other: number): void => {
    table[2 * column] = Math.min(TWO_32 - 1, Math.max(0, Math.round(height * TWO_32) - 1));
    table[2 * column + 1] = other;
  };
  while (low.length > 0 && high.length > 0) {
    const column = low.pop() as number;
    const other = high.pop() as number;
    set(column, heights[column] as number, other);
    const rest = (heights[other] as number) - (1 - (heights[column] as number));
    heights[other] = rest;
    (rest < 1 ? low : high).push(other);
  }
  // what is left is 1 but for rounding
  for (const column of [...low, ...high]) set(column, 1, column);
  return table;
}

/** The word that a uniform number in [0, 1) draws from a table. */
export function drawNoise(table: Uint32Array, uniform: number): number {
  const place = (uniform * table.length) / 2;
  const column = Math.floor(place);
  return (place - column) * TWO_32 < (table[2 * column] as number) + 1 ? column : (table[2 * column + 1] as number);
}
