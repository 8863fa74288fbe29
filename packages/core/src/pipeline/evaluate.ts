// Measures a model on labelled examples.

import type { FittedModel } from '../model/fitted.ts';
import type { ModelRecord } from '../model/record.ts';
import { byLabel } from './by-label.ts';
import { readExamples } from './corpus.ts';
import { type EncodedSequence, encodeSequence } from './encode.ts';
import type { Examples } from './examples.ts';
import { inferPart } from './infer.ts';
import type { LabelTable } from './labels.ts';
import { calibrationOf } from './metrics/calibration.ts';
import { accuracyOf, confusionMatrix, meanScores, scoresByClass } from './metrics/confusion.ts';
import type { Evaluation, LabelScores } from './metrics/evaluation.ts';
import { answersOf, probabilitiesOf } from './probabilities.ts';
import type { EvaluateSettings } from './types.ts';

/** Batches that are read ahead, so that like lengths find each other. */
const ahead = 32;

/** Measures `model` on `data`, which is read once and never kept whole. @throws UnrolledError see `Model.evaluate` */
export async function evaluate<Label extends string>(
  model: FittedModel,
  data: Examples,
  { batchSize = 32, emptyText = 'error' }: EvaluateSettings,
): Promise<Evaluation<Label>> {
  const { tokenizer, labels } = model;
  const maximumLength = model.record.maximumLength;
  const skips = { count: 0 };
  const measured: Measured = { classes: [], logits: [], loss: 0, counted: 0 };
  let pending: Labelled[] = [];
  for await (const { sequence, label } of readExamples(data, { tokenizer, emptyText, labels, maximumLength }, skips)) {
    pending.push({ ...encodeSequence(model.encoder, sequence), class: labels.classOf(label, '') });
    if (pending.length < batchSize * ahead) continue;
    await measure(model, pending, batchSize, measured);
    pending = [];
  }
  if (pending.length > 0) await measure(model, pending, batchSize, measured);
  return summarise(model, measured, skips.count);
}

interface Labelled extends EncodedSequence {
  readonly class: number;
}

interface Measured {
  readonly classes: number[];
  readonly logits: number[];
  loss: number;
  counted: number;
}

async function measure(
  { executable, record }: FittedModel,
  sequences: readonly Labelled[],
  batchSize: number,
  measured: Measured,
): Promise<void> {
  const classes = Int32Array.from(sequences, (sequence) => sequence.class);
  const part = { sequences, classes, exampleIndex: Int32Array.from(sequences.keys()) };
  const { logits, loss, counted } = await inferPart(executable, record.network, part, record.labels.length, batchSize);
  for (const value of logits) measured.logits.push(value);
  for (const value of classes) measured.classes.push(value);
  measured.loss += loss * counted;
  measured.counted += counted;
}

function summarise<Label extends string>(
  { record, labels }: FittedModel,
  { classes: truth, logits, loss, counted }: Measured,
  skipped: number,
): Evaluation<Label> {
  return { skipped, ...measureLogits<Label>(record, labels, logits, truth, counted === 0 ? 0 : loss / counted) };
}

/** All measures of logits against true class numbers. */
export function measureLogits<Label extends string>(
  record: Pick<ModelRecord, 'link' | 'temperature' | 'threshold' | 'labelCounts'>,
  labels: LabelTable,
  logits: ArrayLike<number>,
  truth: ArrayLike<number>,
  loss: number,
): Omit<Evaluation<Label>, 'skipped'> {
  const classes = labels.shown.length;
  const probabilities = probabilitiesOf(logits, classes, record.link, record.temperature);
  const confusion = confusionMatrix(truth, answersOf(probabilities, classes, record.threshold), classes);
  const scores = scoresByClass(confusion);
  const likeliest = record.labelCounts.indexOf(Math.max(...record.labelCounts));
  return {
    examples: truth.length,
    loss,
    accuracy: accuracyOf(confusion),
    majority: (scores[likeliest]?.support ?? 0) / truth.length,
    labels: byLabel<Label, LabelScores>(labels, scores),
    macro: meanScores(scores, 'macro'),
    weighted: meanScores(scores, 'weighted'),
    confusion,
    calibration: calibrationOf(probabilities, truth, classes),
  };
}
