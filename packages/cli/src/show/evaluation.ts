// An evaluation as tables: the measures, the scores of each label, the confusion matrix, calibration.
import type { Evaluation, Scores } from '@unrolled/core';
import { count, measure, percent } from './number.ts';
import { table, width } from './table.ts';

/** Labels beyond this many make the matrix too wide to be read. */
const MATRIX = 20;

/** Everything about an evaluation, in the order in which one asks. */
export function drawEvaluation(evaluation: Evaluation, columns: number): string {
  const labels = Object.keys(evaluation.labels);
  const matrix =
    labels.length > MATRIX
      ? drawConfusedPairs(evaluation, labels)
      : drawConfusion(evaluation.confusion, labels, columns);
  return [drawSummary(evaluation), drawScores(evaluation, labels), matrix].join('\n\n');
}

function drawSummary({ examples, skipped, loss, accuracy, majority, calibration }: Evaluation): string {
  const { expectedError, negativeLogLikelihood, brier } = calibration;
  return table([
    ['examples', `${count(examples)}${skipped > 0 ? ` (${count(skipped)} empty ones left out)` : ''}`],
    ['accuracy', `${percent(accuracy)} (always answering the most frequent label: ${percent(majority)})`],
    ['loss', measure(loss)],
    [
      'calibration',
      `expected error ${percent(expectedError)}, log loss ${measure(negativeLogLikelihood)}, Brier score ${measure(brier)}`,
    ],
  ]);
}

function drawScores({ labels, macro, weighted, examples }: Evaluation, names: readonly string[]): string {
  const row = (name: string, { precision, recall, f1 }: Scores, support: number) => [
    name,
    ...[precision, recall, f1].map((score) => score.toFixed(4)),
    count(support),
  ];
  const rows = [
    ['', 'precision', 'recall', 'F1', 'support'],
    ...names.map((name) => {
      const scores = labels[name] as Evaluation['labels'][string];
      return row(name, scores, scores.support);
    }),
    row('macro mean', macro, examples),
    row('weighted mean', weighted, examples),
  ];
  return table(rows, { right: [1, 2, 3, 4] });
}

const SHADES = [' ', '░', '▒', '▓', '█'];

/** Rows are true labels, columns answers; the shade is the share of the row. */
export function drawConfusion(
  confusion: readonly (readonly number[])[],
  labels: readonly string[],
  columns: number,
): string {
  const room = Math.max(6, Math.floor((columns - 24) / labels.length) - 2);
  const short = (label: string) => (width(label) > room ? `${[...label].slice(0, room - 1).join('')}…` : label);
  const rows = confusion.map((row, i) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    return [labels[i] as string, ...row.map((value) => `${count(value)} ${shade(value, total)}`)];
  });
  const header = ['true \\ answered', ...labels.map((label) => `${short(label)}  `)];
  return table([header, ...rows], { right: labels.map((_, i) => i + 1) });
}

function shade(value: number, total: number): string {
  const level = value === 0 ? 0 : Math.max(1, Math.round((value / total) * (SHADES.length - 1)));
  return (SHADES[level] as string).repeat(2);
}

/** Where there are many labels: the answers most often wrong. */
function drawConfusedPairs({ confusion }: Evaluation, labels: readonly string[]): string {
  const pairs = confusion.flatMap((row, i) => row.map((value, j) => ({ i, j, value })));
  const wrong = pairs.filter(({ i, j, value }) => i !== j && value > 0).sort((a, b) => b.value - a.value);
  const rows = wrong
    .slice(0, MATRIX)
    .map(({ i, j, value }) => [labels[i] as string, labels[j] as string, count(value)]);
  return table([['true', 'answered', 'times'], ...rows], { right: [2] });
}
