// Predicts: one input, an array, or a stream of them, in order.
import type { FittedModel } from '../model/fitted.ts';
import { byLabel } from './by-label.ts';
import { type EncodedSequence, encodeSequence } from './encode.ts';
import { inferLogits } from './infer.ts';
import { placeOf, type RawInput, readInput } from './inputs.ts';
import { answersOf, probabilitiesOf } from './probabilities.ts';
import { readAhead } from './read-ahead.ts';
import type { Prediction } from './types.ts';

/** Batches of a stream that are read ahead, so that like lengths find each other. */
const ahead = 8;

/** Predictions for `inputs`, in their order. @throws UnrolledError `EXAMPLE_INVALID`, `EXAMPLE_EMPTY` */
export async function predictMany<Label extends string>(
  model: FittedModel,
  inputs: readonly RawInput[],
  batchSize: number,
): Promise<Prediction<Label>[]> {
  return answer(
    model,
    inputs.map((input, index) => encodeInput(model, input, index)),
    batchSize,
  );
}

/**
 * Predictions for a stream, in its order. Answers at hand are never held back for a source that is slow, nor lost where an
 * input can't be read: the error comes in its place.
 */
export async function* predictStream<Label extends string>(
  model: FittedModel,
  inputs: Iterable<RawInput> | AsyncIterable<RawInput>,
  batchSize: number,
): AsyncGenerator<Prediction<Label>, void, void> {
  for await (const chunk of readAhead(encodeStream(model, inputs), batchSize * ahead))
    yield* await answer<Label>(model, chunk, batchSize);
}

async function* encodeStream(
  model: FittedModel,
  inputs: Iterable<RawInput> | AsyncIterable<RawInput>,
): AsyncGenerator<EncodedSequence, void, void> {
  let index = 0;
  for await (const input of inputs) {
    yield encodeInput(model, input, index);
    index += 1;
  }
}

function encodeInput({ record, tokenizer, encoder }: FittedModel, input: RawInput, index: number): EncodedSequence {
  const raw = readInput(input, placeOf(input, index), tokenizer);
  return encodeSequence(encoder, raw.slice(0, record.maximumLength));
}

async function answer<Label extends string>(
  model: FittedModel,
  sequences: readonly EncodedSequence[],
  batchSize: number,
): Promise<Prediction<Label>[]> {
  const { record, executable } = model;
  return predictionsOf(model, await inferLogits(executable, record.network.input, sequences, batchSize));
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
