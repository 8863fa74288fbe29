// Reads one sequence piece by piece: a prediction after each, and a plain value to go on from.
import type { Batch, StreamState, Tensor } from '../contracts/executable.ts';
import type { Learns, TokenizerInstance } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import type { FittedModel } from '../model/fitted.ts';
import { modelIdentity } from '../model/identity.ts';
import { learnsOfModel } from '../model/record.ts';
import { describe } from '../options.ts';
import { beginStreams, checkStreams } from '../streams.ts';
import { inputBatch } from './batch.ts';
import { boundaryOf } from './codes.ts';
import { type EncodedSequence, encodeSequence } from './encode.ts';
import { atPlace, isEmptyInput, type RawSequence, readInput } from './inputs.ts';
import { nextPrediction } from './next-token.ts';
import { numbersOf, predictionsOf, stepPrediction } from './predict.ts';
import type {
  AnswerTypes,
  ModelStream,
  NumberPrediction,
  Prediction,
  StreamedPrediction,
  StreamPiece,
} from './types.ts';

/**
 * The prediction after a further piece; where each step has a label, those of the piece's own steps.
 * @param before - the stream that the piece goes on from; left out, it begins one.
 * @throws UnrolledError `NETWORK_DOES_NOT_STREAM`, `TOKENIZER_NOT_PIECEWISE`, `EXAMPLE_INVALID`, `STATE_INVALID`, `EXECUTABLE_DISPOSED`
 */
export async function stepOn<L extends Learns>(
  model: FittedModel,
  piece: StreamPiece,
  before: ModelStream | undefined,
): Promise<StreamedPrediction<string, L>> {
  const { tokens, stream, output } = await readOn(model, piece, before);
  const answer = answerTo(model, stream, output, tokens) as AnswerTypes[L];
  return { ...answer, stream };
}

/** What a further piece gave. */
export interface ReadPiece {
  /** What the next piece goes on from. */
  readonly stream: ModelStream;
  /** Outputs of the piece's own steps `[steps, 1, outputs]`; those of the sequence so far `[1, outputs]` where it answers once. */
  readonly output: Tensor;
  /** The piece's own steps as tokens, where they are tokens. */
  readonly tokens: readonly string[] | undefined;
  /** How many of them the vocabulary does not hold. */
  readonly unknown: number;
}

/** Reads a further piece. A text whose next token is asked for begins with the boundary. @throws as {@link stepOn} */
export async function readOn(
  model: FittedModel,
  piece: StreamPiece,
  before: ModelStream | undefined,
): Promise<ReadPiece> {
  checkStreams(model.executable);
  if (before !== undefined) checkOwn(model, before);
  const state = before?.state ?? beginStreams(model.executable, 1);
  const { sequence, tokens, unknown } = encodePiece(model, piece, state.steps[0] as number, before === undefined);
  if (sequence.length === 0 && before) return { stream: before, output: ofNothing(model, before), tokens, unknown };
  const found = await advance(model, state, sequence);
  return { ...found, tokens, unknown };
}

/** A piece without a step changes nothing. */
function ofNothing({ record }: FittedModel, { logits }: ModelStream): Tensor {
  return record.network.target.per === 'step' ? { shape: [0, ...logits.shape], data: logits.data.slice(0, 0) } : logits;
}

function answerTo(
  model: FittedModel,
  stream: ModelStream,
  output: Tensor,
  tokens: readonly string[] | undefined,
): AnswerTypes[Exclude<Learns, 'sequence'>] {
  const learns = learnsOfModel(model.record);
  if (learns === 'label') return predictionsOf(model, stream.logits.data)[0] as Prediction;
  if (learns === 'next') return nextPrediction(model.encoder, stream.logits.data);
  if (learns === 'number') return numbersOf(model, stream.logits.data)[0] as NumberPrediction;
  const [steps = 0, , width = 1] = output.shape;
  const each = Array.from({ length: steps }, (_, step) =>
    stepPrediction(model, output.data.subarray(step * width, (step + 1) * width)),
  );
  const labels = each.map(({ label }) => label);
  const probabilities = each.map(({ probability }) => probability);
  return { labels, probabilities, ...(tokens && { tokens: tokens.slice(0, steps) }) };
}

async function advance(
  model: FittedModel,
  from: StreamState,
  sequence: EncodedSequence,
): Promise<Pick<ReadPiece, 'stream' | 'output'>> {
  const { executable, record } = model;
  const identity = modelIdentity(record);
  const perStep = record.network.target.per === 'step';
  if (sequence.length === 1) {
    const [state, logits] = await executable.step(from, sequence.values as Int32Array);
    const output = perStep ? { shape: [1, ...logits.shape], data: logits.data } : logits;
    return { stream: { model: identity, state, logits }, output };
  }
  // One call for all its steps; for none, what an empty sequence gives.
  const batch: Batch = { ...inputBatch([sequence], Int32Array.of(0), record.network), start: from.steps };
  const { output, state } = await executable.forward(batch, from.values, { mode: 'infer' });
  const steps = from.steps.map((count) => count + sequence.length);
  return { stream: { model: identity, state: { steps, values: state }, logits: lastRow(output) }, output };
}

/** Of an output at each step that of the last one. */
function lastRow({ shape, data }: Tensor): Tensor {
  if (shape.length === 2) return { shape, data };
  const [, batch = 1, width = 1] = shape;
  return { shape: [batch, width], data: data.slice(data.length - batch * width) };
}

/** Limits on the length count the steps that came before. */
function encodePiece(
  { record, tokenizer, encoder }: FittedModel,
  piece: StreamPiece,
  before: number,
  begins: boolean,
): { readonly sequence: EncodedSequence } & Pick<ReadPiece, 'tokens' | 'unknown'> {
  const { maximumLength = Infinity } = record;
  const raw = readPiece(piece, tokenizer).slice(0, Math.max(0, maximumLength - before));
  const sequence = atPlace('The piece', () => encodeSequence(encoder, raw, before));
  const tokens = tokenizer && (raw as readonly string[]);
  const { unknown } = sequence;
  if (learnsOfModel(record) !== 'next' || !begins) return { sequence, tokens, unknown };
  const values = Int32Array.of(boundaryOf(encoder), ...sequence.values);
  return { sequence: { values, length: values.length }, tokens, unknown };
}

function readPiece(piece: StreamPiece, tokenizer: FittedModel['tokenizer']): RawSequence {
  if (typeof piece === 'object' && piece !== null && 'tokens' in piece) return tokensOf(piece.tokens, tokenizer);
  if (isEmptyInput(piece)) return tokenizer?.piecewise ? blankTokens(piece, tokenizer) : [];
  const raw = readInput(piece, 'The piece', tokenizer);
  if (!tokenizer || tokenizer.piecewise) return raw;
  throw new UnrolledError(
    'TOKENIZER_NOT_PIECEWISE',
    "A text can't be read piece by piece: the tokens of the model's tokenizer reach over the cuts between pieces.",
    { mend: 'Give tokens of the whole text, as step({ tokens: ["…"] }), or predict the whole text.' },
  );
}

/** White space between other pieces is text where characters are tokens. */
function blankTokens(piece: StreamPiece, { tokenize }: TokenizerInstance): readonly string[] {
  return tokenize(textOf(piece) ?? '').map(({ text }) => text);
}

/** The text of a piece that is one. */
export function textOf(piece: StreamPiece): string | undefined {
  const text = typeof piece === 'object' && piece !== null && 'text' in piece ? piece.text : piece;
  return typeof text === 'string' ? text : undefined;
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
function checkOwn({ record }: FittedModel, stream: ModelStream): void {
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
  const outputs = record.network.target.size;
  if (data.length !== outputs) refuse(`its logits are [${shape.join(', ')}], not [1, ${outputs}]`);
}
