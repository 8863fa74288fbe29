// Logistic regression on rows of 0 and 1, kept as the columns that are 1; the same objective as scikit-learn's.
import { exp, log1p } from '@unrolled/core';
import { minimise } from './minimise.ts';

/** Columns that are 1, row by row. */
export interface SparseRows {
  /** Row r's columns stand at `offsets[r]` to `offsets[r + 1]` of `columns`. */
  readonly offsets: Int32Array;
  /** Column numbers. */
  readonly columns: Int32Array;
  /** Number of columns in all. */
  readonly width: number;
}

/** A fitted model: log-odds of the answer 1 = sum of the weights of a row's columns + bias. */
export interface LogisticModel {
  /** Of each column. */
  readonly weights: Float64Array;
  readonly bias: number;
}

/**
 * Minimises ½‖w‖² + C · Σ ln(1 + e^(−margin)) over weights and bias; the bias is not penalised.
 * @param targets - 0 or 1 for each row
 * @param strength - C: how much the data count against the penalty
 */
export function fitLogisticRegression(rows: SparseRows, targets: ArrayLike<number>, strength = 1): LogisticModel {
  const { offsets, columns, width } = rows;
  const count = targets.length;
  // Both parts are divided by C·rows, so that the gradient's size, and when to stop, don't depend on either.
  const penalty = 1 / (strength * count);
  const evaluate = (point: Float64Array, gradient: Float64Array): number => {
    let value = 0;
    for (let column = 0; column < width; column += 1) {
      const weight = point[column] as number;
      value += 0.5 * penalty * weight * weight;
      gradient[column] = penalty * weight;
    }
    gradient[width] = 0;
    for (let row = 0; row < count; row += 1) {
      const [from, to] = [offsets[row] as number, offsets[row + 1] as number];
      let odds = point[width] as number;
      for (let at = from; at < to; at += 1) odds += point[columns[at] as number] as number;
      const sign = targets[row] === 1 ? 1 : -1;
      const margin = sign * odds;
      const small = exp(-Math.abs(margin));
      value += (Math.max(0, -margin) + log1p(small)) / count;
      const slope = (-sign * (margin > 0 ? small / (1 + small) : 1 / (1 + small))) / count;
      for (let at = from; at < to; at += 1) {
        const column = columns[at] as number;
        gradient[column] = (gradient[column] as number) + slope;
      }
      gradient[width] = (gradient[width] as number) + slope;
    }
    return value;
  };
  const found = minimise(evaluate, new Float64Array(width + 1), { tolerance: 1e-6, steps: 1000 });
  return { weights: found.subarray(0, width), bias: found[width] as number };
}

/** Log-odds of the answer 1 for a row's columns. */
export function logOdds({ weights, bias }: LogisticModel, columns: Iterable<number>): number {
  let sum = bias;
  for (const column of columns) sum += weights[column] as number;
  return sum;
}
