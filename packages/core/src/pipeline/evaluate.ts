// Measures a model on labelled examples.
import type { Learns } from '../contracts/plugins.ts';
import type { FittedModel } from '../model/fitted.ts';
import { learnsOfModel, type ModelRecord } from '../model/record.ts';
import { permutation } from '../random/permutation.ts';
import { byLabel } from './by-label.ts';
import { boundaryOf, type Codes, type EncodedExample, encodeExample } from './codes.ts';
import { readExamples } from './corpus.ts';
import type { Examples } from './examples.ts';
import { type InferredBatch, inferPart } from './infer.ts';
import { atPlace, type RawSequence } from './inputs.ts';
import type { LabelTable } from './labels.ts';
import { createMeasure } from './measure.ts';
import { calibrationOf } from './metrics/calibration.ts';
import { accuracyOf, confusionMatrix, meanScores, scoresByClass } from './metrics/confusion.ts';
import type { Evaluation, Evaluations, LabelScores } from './metrics/evaluation.ts';
import type { EncodedPart } from './part.ts';
import { answersOf, probabilitiesOf } from './probabilities.ts';
import { checkWhole, invalid } from './setting-checks.ts';
import type { EvaluateSettings } from './types.ts';

/** Batches that are read ahead, so that like lengths find each other. */
const ahead = 32;

/** Measures `model` on `data`, which is read once and never kept whole. @throws UnrolledError see `Model.evaluate` */
export async function evaluate<Label extends string, L extends Learns>(
  model: FittedModel,
  data: Examples,
  { batchSize = 32, emptyText = 'error', shuffleSteps }: EvaluateSettings,
): Promise<Evaluations<Label>[L]> {
  const { tokenizer, targetTokenizer, labels, record } = model;
  const learns = learnsOfModel(record);
  const { maximumLength } = record;
  const shuffle = createShuffle(learns, shuffleSteps);
  const skips = { count: 0 };
  const codes = { ...model, learns, scale: record.scale };
  const measured = measuring(model, learns);
  const unknown = unknownTokens(codes);
  let pending: EncodedExample[] = [];
  const flush = async (): Promise<void> => {
    const part = partOf(pending);
    const { loss, counted } = await inferPart(model.executable, record.network, part, batchSize, measured.adder(part));
    measured.losses.push({ loss, counted, examples: pending.length });
    pending = [];
  };
  const reading = { learns, tokenizer, targetTokenizer, emptyText, labels, maximumLength };
  for await (const { sequence, targets, number, place } of readExamples(data, reading, skips)) {
    const example = atPlace(place, () => encodeExample(codes, shuffle(sequence), targets, number));
    unknown?.add(example);
    pending.push(example);
    if (pending.length >= batchSize * ahead) await flush();
  }
  if (pending.length > 0) await flush();
  return { skipped: skips.count, ...measured.result(), ...unknown?.result() } as Evaluations<Label>[L];
}

/** Counts targets that are no tokens of the vocabulary, where tokens are learned. */
function unknownTokens({ learns, encoder, targetEncoder }: Codes) {
  if (learns !== 'next' && learns !== 'sequence') return undefined;
  const target = targetEncoder ?? encoder;
  const boundary = boundaryOf(target);
  let count = 0;
  return {
    add: ({ targets }: EncodedExample): void => {
      for (const id of targets) if (id !== boundary && target.tokenOf?.(id) === undefined) count += 1;
    },
    result: () => ({ unknownTokens: count }),
  };
}

function partOf(examples: readonly EncodedExample[]): EncodedPart {
  return {
    sequences: examples.map(({ sequence }) => sequence),
    targets: examples.map(({ targets }) => targets),
    exampleIndex: Int32Array.from(examples.keys()),
  };
}

/** Steps of each example in another order, by a seed and the number of the example. @throws UnrolledError `SETTING_INVALID` */
function createShuffle(learns: Learns, seed: number | undefined): (sequence: RawSequence) => RawSequence {
  if (seed === undefined) return (sequence) => sequence;
  if (learns !== 'label' && learns !== 'number')
    throw invalid('"shuffleSteps" is for models that learned one answer to an example.', 'Leave it out.');
  checkWhole('shuffleSteps', seed, 0);
  let index = 0;
  return (sequence) => {
    const order = permutation(sequence.length, seed, 'shuffle', index);
    index += 1;
    return Array.from(order, (from) => sequence[from]) as unknown as RawSequence;
  };
}

interface Losses {
  readonly loss: number;
  readonly counted: number;
  readonly examples: number;
}

/** Gathers the measures of one kind of task. */
function measuring(model: FittedModel, learns: Learns) {
  const { record, labels } = model;
  const losses: Losses[] = [];
  const total = () => {
    const counted = losses.reduce((sum, each) => sum + each.counted, 0);
    const sum = losses.reduce((all, each) => all + each.loss * each.counted, 0);
    const examples = losses.reduce((all, each) => all + each.examples, 0);
    return { loss: counted === 0 ? 0 : sum / counted, counted, examples };
  };
  if (learns !== 'label') {
    const measure = createMeasure({ learns, link: record.link, scale: record.scale }, labels, record.labelCounts);
    const adder = (part: EncodedPart) => (inferred: InferredBatch) => measure.add(part, inferred);
    const result = () => {
      const { loss, counted, examples } = total();
      return measure.result(loss, counted, examples);
    };
    return { losses, adder, result };
  }
  const logits: number[] = [];
  const truth: number[] = [];
  const adder = (part: EncodedPart) => {
    const first = truth.length;
    for (const [label] of part.targets) truth.push(label as number);
    return ({ positions, output: { data } }: InferredBatch): void => {
      const width = data.length / positions.length;
      positions.forEach((position, row) => {
        for (let index = 0; index < width; index += 1)
          logits[(first + position) * width + index] = data[row * width + index] as number;
      });
    };
  };
  return { losses, adder, result: () => measureLogits(record, labels, logits, truth, total().loss) };
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
