// An evaluation as tables: the measures, the scores of each label, the confusion matrix, calibration.
import type {
  Evaluation,
  Evaluations,
  LanguageEvaluation,
  Learns,
  NumberErrors,
  NumberEvaluation,
  Scores,
  StepEvaluation,
} from '@unrolled/core';
import { count, counted, measure, percent } from './number.ts';
import { table, width } from './table.ts';

/** Labels beyond this many make the matrix too wide to be read. */
const MATRIX = 20;

/** Labels beyond this many are named by the most frequent alone. */
const SCORED = 40;

/** Everything about an evaluation, in the order in which one asks. */
export function drawEvaluation(evaluation: Evaluations[Learns], columns: number): string {
  if ('perplexity' in evaluation) return drawTokens(evaluation);
  return 'r2' in evaluation ? drawNumbers(evaluation) : drawLabels(evaluation, columns);
}

/** Of a model that learned numbers. */
function drawNumbers(evaluation: NumberEvaluation): string {
  const { examples, skipped, loss, baseline } = evaluation;
  const row = (name: string, { meanSquaredError, meanAbsoluteError, r2 }: NumberErrors) => [
    name,
    ...[meanSquaredError, meanAbsoluteError, r2].map(measure),
  ];
  const errors = [
    ['', 'mean squared error', 'mean absolute error', 'R²'],
    row('the model', evaluation),
    row('always the mean of training', baseline),
  ];
  const summary = [
    ['examples', examplesOf(examples, skipped)],
    ['loss', measure(loss)],
  ];
  return [table(summary), table(errors, { right: [1, 2, 3] })].join('\n\n');
}

/** Of a model that learned tokens. */
function drawTokens({
  examples,
  skipped,
  tokens,
  unknownTokens,
  loss,
  bitsPerToken,
  perplexity,
  accuracy,
}: LanguageEvaluation): string {
  return table([
    ['examples', examplesOf(examples, skipped)],
    ['tokens', count(tokens)],
    ...(unknownTokens > 0 ? [['unknown tokens', count(unknownTokens)]] : []),
    ['loss', measure(loss)],
    ['bits per token', measure(bitsPerToken)],
    ['perplexity', measure(perplexity)],
    ['accuracy', `${percent(accuracy)} of the tokens were the likeliest`],
  ]);
}

function drawLabels(evaluation: Evaluation | StepEvaluation, columns: number): string {
  const labels = Object.keys(evaluation.labels);
  const matrix =
    labels.length > MATRIX
      ? drawConfusedPairs(evaluation, labels)
      : drawConfusion(evaluation.confusion, labels, columns);
  return [drawSummary(evaluation), drawScores(evaluation, labels), matrix].join('\n\n');
}

function drawSummary(evaluation: Evaluation | StepEvaluation): string {
  const { examples, skipped, loss, accuracy, majority } = evaluation;
  return table([
    ['examples', examplesOf(examples, skipped)],
    ...('steps' in evaluation ? [['steps', count(evaluation.steps)]] : []),
    ['accuracy', `${percent(accuracy)} (always answering the most frequent label: ${percent(majority)})`],
    ['loss', measure(loss)],
    ...('calibration' in evaluation ? [['calibration', drawCalibration(evaluation.calibration)]] : []),
  ]);
}

function examplesOf(examples: number, skipped: number): string {
  return `${count(examples)}${skipped > 0 ? ` (${count(skipped)} empty ones left out)` : ''}`;
}

function drawCalibration({ expectedError, negativeLogLikelihood, brier }: Evaluation['calibration']): string {
  return `expected error ${percent(expectedError)}, log loss ${measure(negativeLogLikelihood)}, Brier score ${measure(brier)}`;
}

function drawScores(evaluation: Evaluation | StepEvaluation, names: readonly string[]): string {
  const { labels, macro, weighted } = evaluation;
  const measured = 'steps' in evaluation ? evaluation.steps : evaluation.examples;
  const supportOf = (name: string): number => labels[name]?.support ?? 0;
  const shown = names.length > SCORED ? [...names].sort((a, b) => supportOf(b) - supportOf(a)).slice(0, SCORED) : names;
  const row = (name: string, { precision, recall, f1 }: Scores, support: number) => [
    name,
    ...[precision, recall, f1].map((score) => score.toFixed(4)),
    count(support),
  ];
  const rows = [
    ['', 'precision', 'recall', 'F1', 'support'],
    ...shown.map((name) => {
      const scores = labels[name] as Evaluation['labels'][string];
      return row(name, scores, scores.support);
    }),
    ...(shown.length < names.length ? [[`… ${counted(names.length - shown.length, 'rarer label')}`]] : []),
    row('macro mean', macro, measured),
    row('weighted mean', weighted, measured),
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
function drawConfusedPairs({ confusion }: Pick<Evaluation, 'confusion'>, labels: readonly string[]): string {
  const pairs = confusion.flatMap((row, i) => row.map((value, j) => ({ i, j, value })));
  const wrong = pairs.filter(({ i, j, value }) => i !== j && value > 0).sort((a, b) => b.value - a.value);
  const rows = wrong
    .slice(0, MATRIX)
    .map(({ i, j, value }) => [labels[i] as string, labels[j] as string, count(value)]);
  return table([['true', 'answered', 'times'], ...rows], { right: [2] });
}
