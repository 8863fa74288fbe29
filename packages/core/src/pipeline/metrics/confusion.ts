// The confusion matrix and what follows from it: accuracy, and precision, recall and F1 per label and on average.
import type { LabelScores, Scores } from './evaluation.ts';

/** `[i][j]`: examples of class i answered j. @param truth - class numbers below `classes`, as `answers`. */
export function confusionMatrix(truth: ArrayLike<number>, answers: ArrayLike<number>, classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let index = 0; index < truth.length; index += 1) {
    const row = matrix[truth[index] as number] as number[];
    const column = answers[index] as number;
    row[column] = (row[column] as number) + 1;
  }
  return matrix;
}

/** Share of right answers; 0 without examples. */
export function accuracyOf(confusion: readonly (readonly number[])[]): number {
  const right = sum(confusion.map((row, index) => row[index] as number));
  return ratio(right, sum(confusion.map(sum)));
}

/** Scores of each class, in the order of class numbers; a division by zero gives 0, as scikit-learn's `zero_division=0`. */
export function scoresByClass(confusion: readonly (readonly number[])[]): LabelScores[] {
  return confusion.map((row, index) => {
    const right = row[index] as number;
    const support = sum(row);
    const answered = sum(confusion.map((other) => other[index] as number));
    return {
      precision: ratio(right, answered),
      recall: ratio(right, support),
      f1: ratio(2 * right, support + answered),
      support,
    };
  });
}

/** Means of scores; each class counts 1 (`macro`) or its support (`weighted`). */
export function meanScores(scores: readonly LabelScores[], mean: 'macro' | 'weighted'): Scores {
  const weights = scores.map(({ support }) => (mean === 'macro' ? 1 : support));
  const total = sum(weights);
  const average = (name: keyof Scores) =>
    ratio(sum(scores.map((score, index) => score[name] * (weights[index] as number))), total);
  return { precision: average('precision'), recall: average('recall'), f1: average('f1') };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
