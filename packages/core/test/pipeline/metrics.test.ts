// Measures against scikit-learn's (tooling/goldens/metrics.py), and against small cases that can be checked by hand.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classWeights } from '../../src/pipeline/class-weights.ts';
import { labelTable } from '../../src/pipeline/labels.ts';
import { calibrationOf, negativeLogLikelihood } from '../../src/pipeline/metrics/calibration.ts';
import { accuracyOf, confusionMatrix, meanScores, scoresByClass } from '../../src/pipeline/metrics/confusion.ts';
import { answersOf, probabilitiesOf } from '../../src/pipeline/probabilities.ts';
import { fitTemperature } from '../../src/pipeline/temperature.ts';
import { tuneThreshold } from '../../src/pipeline/threshold.ts';

interface GoldenScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

interface GoldenCase extends Record<'accuracy' | 'negativeLogLikelihood' | 'brier' | 'expectedError', number> {
  readonly name: string;
  readonly classes: number;
  readonly truth: readonly number[];
  readonly logits: readonly (readonly number[])[];
  readonly confusion: readonly (readonly number[])[];
  readonly labels: Readonly<Record<'precision' | 'recall' | 'f1' | 'support', readonly number[]>>;
  readonly macro: GoldenScores;
  readonly weighted: GoldenScores;
  readonly balanced: readonly number[] | null;
  readonly temperature: number | null;
}

const file = new URL('../golden/metrics.json', import.meta.url);
const cases: readonly GoldenCase[] = JSON.parse(readFileSync(file, 'utf8')).cases;

describe.each(cases)('scikit-learn: $name', (golden) => {
  const { classes, truth } = golden;
  const logits = golden.logits.flat();
  const probabilities = probabilitiesOf(logits, classes, 'softmax', 1);
  const confusion = confusionMatrix(truth, answersOf(probabilities, classes, undefined), classes);
  const near = (value: number, expected: number) => expect(value).toBeCloseTo(expected, 9);

  it('counts the same confusion matrix and accuracy', () => {
    expect(confusion).toEqual(golden.confusion);
    near(accuracyOf(confusion), golden.accuracy);
  });

  it('scores each label and their means alike', () => {
    const scores = scoresByClass(confusion);
    scores.forEach((score, index) => {
      for (const name of ['precision', 'recall', 'f1', 'support'] as const)
        near(score[name], golden.labels[name][index] as number);
    });
    for (const mean of ['macro', 'weighted'] as const)
      for (const name of ['precision', 'recall', 'f1'] as const)
        near(meanScores(scores, mean)[name], golden[mean][name]);
  });

  it('measures calibration alike', () => {
    const calibration = calibrationOf(probabilities, truth, classes);
    near(calibration.negativeLogLikelihood, golden.negativeLogLikelihood);
    near(calibration.brier, golden.brier);
    near(calibration.expectedError, golden.expectedError);
    expect(calibration.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(truth.length);
  });
});

describe.each(cases.filter(({ balanced }) => balanced))('scikit-learn: $name', ({ truth, balanced }) => {
  it('balances class weights alike', () => {
    const labels = labelTable([...new Set(truth)].map(String).map((label) => ({ stored: label, shown: label })));
    const counts = labels.shown.map((_, index) => truth.filter((value) => value === index).length);
    classWeights('balanced', labels, counts).forEach((weight, index) => {
      expect(weight).toBeCloseTo(balanced?.[index] as number, 12);
    });
  });
});

const calibrated = cases.filter(({ temperature }) => temperature && temperature < 100);
describe.each(calibrated)('scikit-learn: $name', (golden) => {
  it('finds the same temperature, or a better one', () => {
    const { truth, classes } = golden;
    const logits = golden.logits.flat();
    const theirs = golden.temperature as number;
    const temperature = fitTemperature(logits, truth, classes, 'softmax');
    expect(Math.abs(temperature - theirs) / theirs).toBeLessThan(1e-3);
    const loss = (value: number) =>
      negativeLogLikelihood(probabilitiesOf(logits, classes, 'softmax', value), truth, classes);
    expect(loss(temperature)).toBeLessThanOrEqual(loss(theirs) + 1e-12);
    expect(loss(temperature)).toBeLessThanOrEqual(loss(temperature * 1.001));
    expect(loss(temperature)).toBeLessThanOrEqual(loss(temperature / 1.001));
  });
});

describe('one sigmoid output', () => {
  const golden = cases[0] as GoldenCase;
  const differences = golden.logits.map(([first, second]) => (second as number) - (first as number));

  it('gives the probabilities of a softmax over two', () => {
    const two = probabilitiesOf(golden.logits.flat(), 2, 'softmax', 1.7);
    const one = probabilitiesOf(differences, 2, 'sigmoid', 1.7);
    two.forEach((value, index) => {
      expect(one[index]).toBeCloseTo(value, 12);
    });
  });

  it('is calibrated to the same temperature', () => {
    const two = fitTemperature(golden.logits.flat(), golden.truth, 2, 'softmax');
    expect(fitTemperature(differences, golden.truth, 2, 'sigmoid')).toBeCloseTo(two, 9);
  });

  it('has no best temperature where the answers are all right', () => {
    expect(fitTemperature([-1, 2, 3], [0, 1, 1], 2, 'sigmoid')).toBe(1 / 1024);
    expect(fitTemperature([1, -2, -3], [0, 1, 1], 2, 'sigmoid')).toBe(1024);
  });
});

describe('answers', () => {
  it('gives a tie to the first, and with a threshold to the second from there on', () => {
    const halves = Float64Array.of(0.5, 0.5, 0.4, 0.6, 0.7, 0.3);
    expect([...answersOf(halves, 2, undefined)]).toEqual([0, 1, 0]);
    expect([...answersOf(halves, 2, 0.5)]).toEqual([1, 1, 0]);
    expect([...answersOf(halves, 2, 0.3)]).toEqual([1, 1, 1]);
  });

  it('tunes the threshold to the best accuracy or F1', () => {
    const probabilities = [0.1, 0.2, 0.35, 0.4, 0.45, 0.9];
    const truth = [0, 0, 1, 0, 1, 1];
    const right = (threshold: number) =>
      probabilities.filter((value, index) => (value >= threshold ? 1 : 0) === truth[index]).length;
    const tuned = tuneThreshold(probabilities, truth, 'accuracy');
    const all = [0, ...probabilities, 1].map((value) => right(value + 1e-9));
    expect(right(tuned)).toBe(Math.max(...all));
    expect(tuned).toBeCloseTo(0.425, 12);
    expect(tuneThreshold(probabilities, truth, 'f1')).toBeCloseTo(0.275, 12); // 6/7; at 0.425 it is 4/5
    expect(tuneThreshold([0.1, 0.3, 0.4], [1, 1, 1], 'f1')).toBeLessThanOrEqual(0.1);
  });

  it('keeps 0.5 where nothing is better', () => {
    expect(tuneThreshold([0.2, 0.8], [0, 1], 'accuracy')).toBe(0.5);
  });
});
