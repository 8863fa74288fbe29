// Errors of predicted numbers, as scikit-learn defines them.
import { meanOf, squareOf } from '../number-scale.ts';
import type { NumberErrors } from './evaluation.ts';

/**
 * Mean squared and mean absolute error, and R², as scikit-learn's `mean_squared_error`, `mean_absolute_error` and `r2_score`
 * (with `force_finite`): where all true numbers are the same, R² is 1 if every answer is right, else 0. No numbers have no error: NaN.
 */
export function errorsOf(truth: readonly number[], answers: readonly number[]): NumberErrors {
  const errors = truth.map((each, index) => each - (answers[index] as number));
  const squared = meanOf(errors.map(squareOf));
  return {
    meanSquaredError: squared,
    meanAbsoluteError: meanOf(errors.map(Math.abs)),
    r2: truth.length < 2 ? NaN : determination(squared, varianceOf(truth)),
  };
}

/** The coefficient of determination. */
function determination(squaredError: number, variance: number): number {
  if (variance > 0) return 1 - squaredError / variance;
  return squaredError === 0 ? 1 : 0;
}

function varianceOf(numbers: readonly number[]): number {
  if (numbers.every((each) => each === numbers[0])) return 0; // its mean may be rounded
  const mean = meanOf(numbers);
  return meanOf(numbers.map((each) => squareOf(each - mean)));
}
