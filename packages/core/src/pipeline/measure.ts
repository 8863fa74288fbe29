// Measures of answers at each step, counted as they come: logits are never kept. And of numbers, which are: one for each example.
import type { Learns } from '../contracts/plugins.ts';
import { exp } from '../maths/exponential.ts';
import { eachAnswer, type PartOutput } from './answers.ts';
import { byLabel } from './by-label.ts';
import { type LabelTable, learnsLabels } from './labels.ts';
import { accuracyOf, meanScores, scoresByClass } from './metrics/confusion.ts';
import type { LabelScores, LanguageEvaluation, NumberEvaluation, StepEvaluation } from './metrics/evaluation.ts';
import { errorsOf } from './metrics/numbers.ts';
import { type NumberScale, numberMeant } from './number-scale.ts';
import type { EncodedPart } from './part.ts';
import type { Link } from './probabilities.ts';

/** Counts answers. */
export interface Measure<R> {
  /** Adds those of some sequences. */
  readonly add: (part: EncodedPart, output: PartOutput) => void;
  /** What was measured. @param counted - targets. */
  readonly result: (loss: number, counted: number, examples: number) => R;
}

/** What decides what is measured. */
export interface MeasureForm {
  /** Of the task. */
  readonly learns: Learns;
  /** Logits → answers. */
  readonly link: Link;
  /** Of the numbers that are learned; undefined for other tasks. */
  readonly scale: NumberScale | undefined;
}

/** A measure of labels of steps, of tokens, or of numbers. */
export function createMeasure(
  { learns, link, scale }: MeasureForm,
  labels: LabelTable,
  labelCounts: readonly number[],
): Measure<Omit<StepEvaluation | LanguageEvaluation | NumberEvaluation, 'skipped' | 'unknownTokens'>> {
  if (learns === 'number') return measureNumbers(scale as NumberScale);
  return learnsLabels(learns) ? measureSteps(link, labels, labelCounts) : measureTokens(link);
}

function measureSteps(
  link: Link,
  labels: LabelTable,
  labelCounts: readonly number[],
): Measure<Omit<StepEvaluation, 'skipped'>> {
  const confusion = labels.shown.map(() => new Array<number>(labels.shown.length).fill(0));
  return {
    add: (part, output) =>
      eachAnswer(part, output, link, (truth, answer) => {
        const line = confusion[truth] as number[];
        line[answer] = (line[answer] as number) + 1;
      }),
    result: (loss, counted, examples) => {
      const scores = scoresByClass(confusion);
      const likeliest = labelCounts.indexOf(Math.max(...labelCounts));
      return {
        examples,
        steps: counted,
        loss,
        accuracy: accuracyOf(confusion),
        majority: counted === 0 ? 0 : (scores[likeliest]?.support ?? 0) / counted,
        labels: byLabel<string, LabelScores>(labels, scores),
        macro: meanScores(scores, 'macro'),
        weighted: meanScores(scores, 'weighted'),
        confusion,
      };
    },
  };
}

function measureTokens(link: Link): Measure<Omit<LanguageEvaluation, 'skipped' | 'unknownTokens'>> {
  let [right, answered] = [0, 0];
  return {
    add: (part, output) =>
      eachAnswer(part, output, link, (truth, answer) => {
        answered += 1;
        if (truth === answer) right += 1;
      }),
    result: (loss, tokens, examples) => ({
      examples,
      tokens,
      loss,
      bitsPerToken: loss / Math.LN2,
      perplexity: exp(loss),
      accuracy: answered === 0 ? 0 : right / answered,
    }),
  };
}

function measureNumbers(scale: NumberScale): Measure<Omit<NumberEvaluation, 'skipped'>> {
  const truth: number[] = [];
  const answers: number[] = [];
  return {
    add: (part, { positions, output: { data } }) =>
      positions.forEach((position, row) => {
        truth.push(numberMeant(scale, part.targets[position]?.[0] as number));
        answers.push(numberMeant(scale, data[row] as number));
      }),
    result: (loss, _, examples) => ({
      examples,
      loss,
      ...errorsOf(truth, answers),
      baseline: errorsOf(truth, new Array<number>(truth.length).fill(scale.mean)),
    }),
  };
}
