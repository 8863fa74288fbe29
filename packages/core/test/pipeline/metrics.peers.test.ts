// Measures of random answers and probabilities against scikit-learn, run live; a new seed each time.
import { runPython } from '@unrolled/peers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationOf } from '../../src/pipeline/metrics/calibration.ts';
import { accuracyOf, confusionMatrix, meanScores, scoresByClass } from '../../src/pipeline/metrics/confusion.ts';
import type { LabelScores, NumberErrors, Scores } from '../../src/pipeline/metrics/evaluation.ts';
import { errorsOf } from '../../src/pipeline/metrics/numbers.ts';

const script = `
from sklearn import metrics

def scores(case, average, labels):
    found = metrics.precision_recall_fscore_support(
        case["truth"], case["answers"], labels=labels, average=average, zero_division=0
    )
    return {name: values if average else values.tolist() for name, values in zip(["precision", "recall", "f1"], found)} | (
        {} if average else {"support": found[3].tolist()}
    )

def measure(case):
    labels = list(range(case["classes"]))
    return {
        "confusion": metrics.confusion_matrix(case["truth"], case["answers"], labels=labels).tolist(),
        "accuracy": metrics.accuracy_score(case["truth"], case["answers"]),
        "labels": scores(case, None, labels),
        "macro": scores(case, "macro", labels),
        "weighted": scores(case, "weighted", labels),
        "negativeLogLikelihood": metrics.log_loss(case["truth"], case["probabilities"], labels=labels),
        "brier": metrics.brier_score_loss(case["truth"], case["probabilities"], labels=labels)
        if case["classes"] > 2
        else metrics.brier_score_loss(case["truth"], [row[1] for row in case["probabilities"]], labels=labels, pos_label=1),
    }

def main(cases):
    return [measure(case) for case in cases]
`;

const numberScript = `
from sklearn import metrics

def main(cases):
    return [{
        "meanSquaredError": metrics.mean_squared_error(case["truth"], case["answers"]),
        "meanAbsoluteError": metrics.mean_absolute_error(case["truth"], case["answers"]),
        "r2": metrics.r2_score(case["truth"], case["answers"]),
    } for case in cases]
`;

/** Numbers in small and large units whose mean is exact where they are all the same (scikit-learn's own is rounded); some answered without an error. */
const someNumbers = fc
  .record({ examples: fc.integer({ min: 2, max: 100 }), unit: fc.constantFrom(2 ** -30, 1, 2 ** 30) })
  .chain(({ examples, unit }) => {
    const number = fc.integer({ min: -1000, max: 1000 }).map((whole) => whole * unit);
    const many = fc.array(number, { minLength: examples, maxLength: examples });
    const same = number.map((one) => new Array<number>(examples).fill(one));
    const pair = fc.tuple(fc.oneof(many, same), fc.oneof(many, same));
    return fc.oneof(
      pair,
      many.map((truth) => [truth, truth] as const),
      same.map((truth) => [truth, truth] as const),
    );
  })
  .map(([truth, answers]) => ({ truth, answers }));

interface Case {
  readonly classes: number;
  readonly truth: readonly number[];
  readonly answers: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
}

interface Measured {
  readonly confusion: number[][];
  readonly accuracy: number;
  readonly labels: Readonly<Record<keyof LabelScores, number[]>>;
  readonly macro: Scores;
  readonly weighted: Scores;
  readonly negativeLogLikelihood: number;
  readonly brier: number;
}

/** Classes that are rare or never right, probabilities that are 0 or 1, few examples and many. */
const someCase: fc.Arbitrary<Case> = fc
  .record({ classes: fc.integer({ min: 2, max: 6 }), examples: fc.integer({ min: 1, max: 200 }) })
  .chain(({ classes, examples }) => {
    const classNumbers = fc.array(fc.integer({ min: 0, max: classes - 1 }), {
      minLength: examples,
      maxLength: examples,
    });
    const shares = fc
      .array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1000 })), { minLength: classes, maxLength: classes })
      .map((parts) => {
        const total = parts.reduce((sum, part) => sum + part, 0);
        return total === 0 ? parts.map((_, index) => (index === 0 ? 1 : 0)) : parts.map((part) => part / total);
      });
    return fc.record({
      classes: fc.constant(classes),
      truth: classNumbers,
      answers: classNumbers,
      probabilities: fc.array(shares, { minLength: examples, maxLength: examples }),
    });
  });

describe('measures', () => {
  it('equal scikit-learn', async () => {
    const seed = Date.now() & 0x7fffffff;
    const cases = fc.sample(someCase, { numRuns: 200, seed });
    const measured = await runPython<readonly Measured[]>(script, cases);
    expect(measured.length).toBe(cases.length);
    measured.forEach((theirs, index) => {
      const { classes, truth, answers, probabilities } = cases[index] as Case;
      const where = `case ${index} of seed ${seed}`;
      const confusion = confusionMatrix(truth, answers, classes);
      expect(confusion, where).toEqual(theirs.confusion);
      expect(accuracyOf(confusion), where).toBeCloseTo(theirs.accuracy, 14);
      const labels = scoresByClass(confusion);
      labels.forEach((label, number) => {
        for (const name of ['precision', 'recall', 'f1', 'support'] as const)
          expect(label[name], `${where}: ${name} of ${number}`).toBeCloseTo(theirs.labels[name][number] as number, 14);
      });
      for (const mean of ['macro', 'weighted'] as const)
        for (const name of ['precision', 'recall', 'f1'] as const)
          expect(meanScores(labels, mean)[name], `${where}: ${mean} ${name}`).toBeCloseTo(theirs[mean][name], 13);
      const calibration = calibrationOf(Float64Array.from(probabilities.flat()), truth, classes);
      expect(calibration.negativeLogLikelihood, where).toBeCloseTo(theirs.negativeLogLikelihood, 10);
      expect(calibration.brier, where).toBeCloseTo(theirs.brier, 12);
    });
  });

  it('of numbers equal scikit-learn', async () => {
    const seed = Date.now() & 0x7fffffff;
    const cases = fc.sample(someNumbers, { numRuns: 300, seed });
    const measured = await runPython<readonly NumberErrors[]>(numberScript, cases);
    expect(measured.length).toBe(cases.length);
    measured.forEach((theirs, index) => {
      const { truth, answers } = cases[index] as (typeof cases)[number];
      const ours = errorsOf(truth, answers);
      for (const name of ['meanSquaredError', 'meanAbsoluteError', 'r2'] as const) {
        const expected = theirs[name];
        const rounding = 1e-12 * Math.max(name === 'r2' ? 1 : 0, Math.abs(expected));
        const what = `case ${index} of seed ${seed}: ${name} ${ours[name]}, not ${expected}`;
        expect(Math.abs(ours[name] - expected), what).toBeLessThanOrEqual(rounding);
      }
    });
  });
});
