// Reads one sequence piece by piece: a prediction after each, and a plain value to go on from.
import type { Batch, StreamState, Tensor } from '../contracts/executable.ts';
import { UnrolledError } from '../errors.ts';
import type { FittedModel } from '../model/fitted.ts';
import { modelIdentity } from '../model/identity.ts';
import { describe } from '../options.ts';
import { beginStreams, checkStreams } from '../streams.ts';
import { inputBatch } from './batch.ts';
import { type EncodedSequence, encodeSequence } from './encode.ts';
import { isEmptyInput, type RawSequence, readInput } from './inputs.ts';
import { predictionsOf } from './predict.ts';
import type { ModelStream, StreamedPrediction, StreamPiece } from './types.ts';

/**
 * The prediction after a further piece.
 * @param before - the stream that the piece goes on from; left out, it begins one.
 * @throws UnrolledError `NETWORK_DOES_NOT_STREAM`, `TOKENIZER_NOT_PIECEWISE`, `EXAMPLE_INVALID`, `STATE_INVALID`, `EXECUTABLE_DISPOSED`
 */
export async function stepOn<Label extends string>(
  model: FittedModel,
  piece: StreamPiece,
  before: ModelStream | undefined,
): Promise<StreamedPrediction<Label>> {
  checkStreams(model.executable);
  if (before !== undefined) checkOwn(model, before);
  const state = before?.state ?? beginStreams(model.executable, 1);
  const steps = state.steps[0] as number;
  const sequence = encodePiece(model, piece, steps);
  const next = sequence.length === 0 && before ? before : await advance(model, state, sequence);
  const [prediction] = predictionsOf<Label>(model, next.logits.data);
  return { ...(prediction as StreamedPrediction<Label>), stream: next };
}

async function advance(model: FittedModel, from: StreamState, sequence: EncodedSequence): Promise<ModelStream> {
  const { executable, record } = model;
  const identity = modelIdentity(record);
  if (sequence.length === 1) {
    const [state, logits] = await executable.step(from, sequence.values);
    return { model: identity, state, logits };
  }
  // One call for all its steps; for none, what an empty sequence gives.
  const batch: Batch = { ...inputBatch([sequence], Int32Array.of(0), record.network.input), start: from.steps };
  const { output, state } = await executable.forward(batch, from.values, { mode: 'infer' });
  const steps = from.steps.map((count) => count + sequence.length);
  return { model: identity, state: { steps, values: state }, logits: output };
}

/** Limits on the length count the steps that came before. */
function encodePiece({ record, tokenizer, encoder }: FittedModel, piece: StreamPiece, before: number): EncodedSequence {
  const { maximumLength = Infinity } = record;
  const raw = readPiece(piece, tokenizer);
  return encodeSequence(encoder, raw.slice(0, Math.max(0, maximumLength - before)), before);
}

function readPiece(piece: StreamPiece, tokenizer: FittedModel['tokenizer']): RawSequence {
  if (typeof piece === 'object' && piece !== null && 'tokens' in piece) return tokensOf(piece.tokens, tokenizer);
  if (isEmptyInput(piece)) return [];
  const raw = readInput(piece, 'The piece', tokenizer);
  if (!tokenizer || tokenizer.piecewise) return raw;
  throw new UnrolledError(
    'TOKENIZER_NOT_PIECEWISE',
    "A text can't be read piece by piece: the tokens of the model's tokenizer reach over the cuts between pieces.",
    { mend: 'Give tokens of the whole text, as step({ tokens: ["…"] }), or predict the whole text.' },
  );
}

/** @throws UnrolledError `EXAMPLE_INVALID` */
function tokensOf(tokens: unknown, tokenizer: FittedModel['tokenizer']): readonly string[] {
  if (!tokenizer)
    throw new UnrolledError('EXAMPLE_INVALID', 'The piece has tokens, but the model reads rows of numbers.', {
      mend: 'Give { values: [[0.1, 0.2]] }, a row of numbers for each step.',
    });
  if (Array.isArray(tokens) && tokens.every((token) => typeof token === 'string')) return tokens;
  throw new UnrolledError('EXAMPLE_INVALID', `The piece's tokens must be texts, but ${describe(tokens)} was given.`, {
    mend: 'Give { tokens: ["an", "instant"] }.',
  });
}

/** @throws UnrolledError `STATE_INVALID` where the stream is not one of this model */
function checkOwn({ record, labels }: FittedModel, stream: ModelStream): void {
  const refuse = (found: string): never => {
    throw new UnrolledError('STATE_INVALID', `The stream does not fit the model: ${found}.`, {
      mend: 'Go on from what an earlier step of this model gave as "stream", or leave it out to begin.',
    });
  };
  if (typeof stream !== 'object' || stream === null) refuse(`${describe(stream)} is no stream`);
  if (stream.model !== modelIdentity(record)) refuse('it is of another model, or of other weights');
  const count = stream.state.steps.length;
  if (count !== 1) refuse(`it holds ${count} sequences, and a model reads one at a time`);
  const { shape, data } = stream.logits as Tensor;
  const outputs = record.link === 'sigmoid' ? 1 : labels.shown.length;
  if (data.length !== outputs) refuse(`its logits are [${shape.join(', ')}], not [1, ${outputs}]`);
}
