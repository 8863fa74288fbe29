// Predicts: one input, an array, or a stream of them, in order.
import type { Learns } from '../contracts/plugins.ts';
import type { FittedModel } from '../model/fitted.ts';
import { learnsOfModel } from '../model/record.ts';
import { answerAt } from './answers.ts';
import { byLabel } from './by-label.ts';
import { encodeForReading } from './codes.ts';
import { decodeSequences } from './decode.ts';
import type { EncodedSequence } from './encode.ts';
import { inferEach, inferLogits } from './infer.ts';
import { decodeKeys } from './inference-settings.ts';
import { atPlace, placeOf, type RawInput, type RawSequence, readInput } from './inputs.ts';
import { nextPrediction } from './next-token.ts';
import { type NumberScale, numberMeant } from './number-scale.ts';
import { answersOf, probabilitiesOf } from './probabilities.ts';
import { readAhead } from './read-ahead.ts';
import { invalid } from './setting-checks.ts';
import type { AnswerTypes, DecodeSettings, NumberPrediction, Prediction, StepPredictions } from './types.ts';

/** Batches of a stream that are read ahead, so that like lengths find each other. */
const ahead = 8;

/** Settings with their defaults filled in. */
export interface PredictOptions {
  /** Sequences that are computed together. */
  readonly batchSize: number;
  /** Of models that generate a sequence. */
  readonly decode: DecodeSettings;
}

type Answer<L extends Learns> = AnswerTypes<string>[L];

/** Predictions for `inputs`, in their order. @throws UnrolledError `EXAMPLE_INVALID`, `EXAMPLE_EMPTY`, `SETTING_INVALID` */
export async function predictMany<L extends Learns>(
  model: FittedModel,
  inputs: readonly RawInput[],
  options: PredictOptions,
): Promise<Answer<L>[]> {
  return answer(
    model,
    inputs.map((input, index) => encodeInput(model, input, index)),
    options,
  );
}

/**
 * Predictions for a stream, in its order. Answers at hand are never held back for a source that is slow, nor lost where an
 * input can't be read: the error comes in its place.
 */
export async function* predictStream<L extends Learns>(
  model: FittedModel,
  inputs: Iterable<RawInput> | AsyncIterable<RawInput>,
  options: PredictOptions,
): AsyncGenerator<Answer<L>, void, void> {
  for await (const chunk of readAhead(encodeStream(model, inputs), options.batchSize * ahead))
    yield* await answer<L>(model, chunk, options);
}

async function* encodeStream(
  model: FittedModel,
  inputs: Iterable<RawInput> | AsyncIterable<RawInput>,
): AsyncGenerator<Input, void, void> {
  let index = 0;
  for await (const input of inputs) {
    yield encodeInput(model, input, index);
    index += 1;
  }
}

/** An input, raw and encoded. */
interface Input {
  /** Its number among all that were given. */
  readonly index: number;
  readonly raw: RawSequence;
  readonly sequence: EncodedSequence;
}

function encodeInput(model: FittedModel, input: RawInput, index: number): Input {
  const place = placeOf(input, index);
  const raw = readInput(input, place, model.tokenizer, learnsOfModel(model.record)).slice(
    0,
    model.record.maximumLength,
  );
  const learns = learnsOfModel(model.record);
  return { index, raw, sequence: atPlace(place, () => encodeForReading({ ...model, learns }, raw)) };
}

async function answer<L extends Learns>(
  model: FittedModel,
  inputs: readonly Input[],
  options: PredictOptions,
): Promise<Answer<L>[]> {
  return (await answersTo(model, inputs, options)) as Answer<L>[];
}

async function answersTo(
  model: FittedModel,
  inputs: readonly Input[],
  { batchSize, decode }: PredictOptions,
): Promise<Answer<Learns>[]> {
  const { record, executable } = model;
  const sequences = inputs.map(({ sequence }) => sequence);
  const learns = learnsOfModel(record);
  if (learns !== 'sequence') refuseDecoding(decode);
  switch (learns) {
    case 'label':
      return predictionsOf(model, await inferLogits(executable, record.network, sequences, batchSize));
    case 'sequence':
      return decodeSequences(model, sequences, inputs[0]?.index ?? 0, batchSize, decode);
    case 'labels':
      return labelSteps(model, inputs, batchSize);
    case 'next':
      return predictNext(model, sequences, batchSize);
    case 'number':
      return numbersOf(model, await inferLogits(executable, record.network, sequences, batchSize));
  }
}

/** Settings of how a sequence is written say nothing to other models; types refuse them before. */
function refuseDecoding(settings: DecodeSettings): void {
  const given = decodeKeys.find((key) => settings[key] !== undefined);
  if (given === undefined) return;
  throw invalid(`"${given}" is for models that generate a sequence, and this one does not.`, 'Leave it out.');
}

/** Labels of all steps. */
async function labelSteps(model: FittedModel, inputs: readonly Input[], batchSize: number): Promise<StepPredictions[]> {
  const { record, executable, tokenizer } = model;
  const sequences = inputs.map(({ sequence }) => sequence);
  const found = inputs.map(() => ({ labels: [] as string[], probabilities: [] as number[] }));
  await inferEach(executable, record.network, sequences, batchSize, ({ positions, output, batch }) => {
    const width = output.shape[2] as number;
    positions.forEach((position, row) => {
      const rows = Array.from({ length: batch.lengths[row] as number }, (_, step) => step * positions.length + row);
      const of = found[position] as (typeof found)[number];
      for (const row of rows) {
        const { label, probability } = stepPrediction(model, output.data.subarray(row * width, (row + 1) * width));
        of.labels.push(label);
        of.probabilities.push(probability);
      }
    });
  });
  return found.map((steps, index) => ({
    ...steps,
    ...(tokenizer && { tokens: ((inputs[index] as Input).raw as readonly string[]).slice(0, steps.labels.length) }),
  }));
}

/** The likeliest label of one step, by its logits `[outputs]`. */
export function stepPrediction(
  { record, labels }: Pick<FittedModel, 'record' | 'labels'>,
  logits: ArrayLike<number>,
): { readonly label: string; readonly probability: number } {
  const answer = answerAt(logits, 0, logits.length, record.link);
  const probabilities = probabilitiesOf(logits, labels.shown.length, record.link, record.temperature);
  return { label: labels.shown[answer] as string, probability: probabilities[answer] as number };
}

/** What may follow each sequence. */
async function predictNext(model: FittedModel, sequences: readonly EncodedSequence[], batchSize: number) {
  const found = new Array<AnswerTypes['next']>(sequences.length);
  await inferEach(model.executable, model.record.network, sequences, batchSize, ({ positions, output, batch }) => {
    const width = output.shape[2] as number;
    positions.forEach((position, row) => {
      const last = (batch.lengths[row] as number) - 1;
      if (last < 0) return; // an earlier window had its end
      const at = (last * positions.length + row) * width;
      found[position] = nextPrediction(model.encoder, output.data.subarray(at, at + width));
    });
  });
  return found;
}

/** The numbers that outputs `[rows, 1]` mean. */
export function numbersOf({ record }: Pick<FittedModel, 'record'>, outputs: ArrayLike<number>): NumberPrediction[] {
  return Array.from(outputs, (output) => ({ value: numberMeant(record.scale as NumberScale, output) }));
}

/** The predictions that logits `[rows, outputs]` mean. */
export function predictionsOf<Label extends string>(
  { record, labels }: Pick<FittedModel, 'record' | 'labels'>,
  logits: ArrayLike<number>,
): Prediction<Label>[] {
  const classes = labels.shown.length;
  const probabilities = probabilitiesOf(logits, classes, record.link, record.temperature);
  return Array.from(answersOf(probabilities, classes, record.threshold), (chosen, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return {
      label: labels.shown[chosen] as Label,
      probability: own[chosen] as number,
      probabilities: byLabel<Label, number>(labels, own),
    };
  });
}
