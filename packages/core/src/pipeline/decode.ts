// Generates sequences from inputs: the encoder reads each once, then the decoder goes step by step over several beginnings.
import type { Batch, State, Tensor } from '../contracts/executable.ts';
import type { Encoder } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import type { FittedModel } from '../model/fitted.ts';
import { inputBatch } from './batch.ts';
import { type Beams, createBeams, type Written } from './beams.ts';
import { createBreathe } from './breathe.ts';
import { BOUNDARY, boundaryOf } from './codes.ts';
import type { Decoder } from './decoder.ts';
import type { EncodedSequence } from './encode.ts';
import { batchesByLength } from './infer.ts';
import { sampleKeys } from './inference-settings.ts';
import { checkSampling, logProbabilitiesOf } from './next-token.ts';
import { pickColumns, pickRows } from './rows.ts';
import { checkKnown, checkWhole, invalid, refuse } from './setting-checks.ts';
import { joinTokens } from './token-text.ts';
import type { DecodeSettings, GeneratedSequence } from './types.ts';

/** Checked settings. */
interface Options {
  readonly beam: number;
  readonly maximumLength: number;
  readonly lengthPenalty: number;
  readonly sampling: ReturnType<typeof checkSampling> | undefined;
  readonly attention: boolean;
}

/**
 * The sequence for each input, in their order.
 * @param first - number of the first among all inputs that were given: tokens are drawn by it.
 * @throws UnrolledError `SETTING_INVALID`
 */
export async function decodeSequences(
  model: FittedModel,
  sequences: readonly EncodedSequence[],
  first: number,
  batchSize: number,
  settings: DecodeSettings,
): Promise<GeneratedSequence[]> {
  const encoder = model.targetEncoder as Encoder;
  const options = checkDecode(settings, encoder);
  const decoder = await decoderOf(model).load();
  const found = new Array<GeneratedSequence>(sequences.length);
  for (const positions of batchesByLength(sequences, batchSize)) {
    const members = Array.from(positions, (position) => sequences[position] as EncodedSequence);
    const written = await writeBatch(
      decoder,
      encoder,
      members,
      positions.map((position) => first + position),
      options,
    );
    const weights = options.attention ? await attentionOf(model, members, written) : undefined;
    positions.forEach((position, row) => {
      const of = written[row] as Written;
      found[position] = { ...textOf(model, of), ...(weights && { attention: weights[row] as number[][] }) };
    });
  }
  return found;
}

function decoderOf({ decoder }: FittedModel): Decoder {
  if (decoder) return decoder;
  throw new UnrolledError('NOT_AVAILABLE', 'This model generates no sequence.', {
    mend: 'Call predict without settings.',
  });
}

function checkDecode(settings: DecodeSettings, { input }: Encoder): Options {
  const { beam = 1, maximumLength = 64, lengthPenalty = 0, sample, attention = false } = settings;
  checkWhole('beam', beam, 1);
  const most = input.kind === 'ids' ? input.vocabulary : beam;
  if (beam > most) refuse('beam', `at most the ${most} tokens of the vocabulary`, beam);
  checkWhole('maximumLength', maximumLength, 1);
  if (!(Number.isFinite(lengthPenalty) && lengthPenalty >= 0))
    refuse('lengthPenalty', 'a number of at least 0', lengthPenalty);
  if (sample !== undefined) checkKnown(sample, sampleKeys, 'sample');
  if (sample && beam > 1)
    throw invalid('"sample" draws one sequence, so it does not go with a beam.', 'Leave out one of them.');
  return { beam, maximumLength, lengthPenalty, sampling: sample && checkSampling(sample), attention };
}

/** What is searched for. */
interface Search {
  /** Of the tokens that are written. */
  readonly encoder: Encoder;
  /** Beginnings of each input. */
  readonly beam: number;
  /** The inputs. */
  readonly sources: readonly EncodedSequence[];
  /** The search of each. */
  readonly beams: readonly Beams[];
}

/** Writes for some inputs at once; those that are done leave the batch. */
async function writeBatch(
  decoder: Awaited<ReturnType<Decoder['load']>>,
  encoder: Encoder,
  members: readonly EncodedSequence[],
  numbers: Int32Array,
  options: Options,
): Promise<readonly Written[]> {
  const { beam, maximumLength } = options;
  const breathe = createBreathe();
  const sources = members.map(({ source }) => source as EncodedSequence);
  const { memory: read, step } = await decoder.encode(sources, numbers);
  const beams = members.map((_, row) => createBeams(boundaryOf(encoder), options, numbers[row] as number));
  const search: Search = { encoder, beam, sources, beams };
  // Rows of the decoder: `beam` beginnings of each input, side by side.
  let rows = beams.flatMap((_, input) => new Array<number>(beam).fill(input));
  let memory = pickColumns(read, rows);
  let state: State = step.initialState(rows.length);
  for (let index = 0; index < maximumLength && rows.length > 0; index += 1) {
    const result = await step.forward(stepBatch(rows, index, search, memory), state, { mode: 'infer' });
    const from = growBeams(rows, index, search, result.output);
    const kept = from.map((row) => rows[row] as number);
    if (kept.length < rows.length) memory = pickColumns(read, kept);
    state = pickRows(result.state, from);
    rows = kept;
    await breathe();
  }
  return beams.map((each) => each.best());
}

/** One step of the decoder after the last token of each beginning. @param rows - the input of each row. */
function stepBatch(rows: readonly number[], index: number, { beams, beam, sources }: Search, memory: Tensor): Batch {
  return {
    size: rows.length,
    time: memory.shape[0] as number,
    inputs: {
      x: Int32Array.from(inputsOf(rows, beam).flatMap((input) => beams[input]?.last() ?? [])),
      memory: memory.data,
    },
    lengths: Int32Array.from(rows, (input) => (sources[input] as EncodedSequence).length),
    exampleIndex: Int32Array.from(rows),
    start: new Int32Array(rows.length).fill(index),
  };
}

/** Makes the beginnings of each input a token longer by the logits of all rows. @returns the row that each of the new ones goes on from. */
function growBeams(
  rows: readonly number[],
  index: number,
  { beams, beam, encoder }: Search,
  { shape, data }: Tensor,
): number[] {
  const width = shape[1] as number;
  return inputsOf(rows, beam).flatMap((input, place) => {
    const first = place * beam;
    const each = Array.from({ length: beam }, (_, k) =>
      logProbabilitiesOf(encoder, data.subarray((first + k) * width, (first + k + 1) * width)),
    );
    return (beams[input] as Beams).grow(each, index).map((k) => first + k);
  });
}

/** The inputs that rows belong to, once each. */
function inputsOf(rows: readonly number[], beam: number): number[] {
  return rows.filter((_, row) => row % beam === 0);
}

function textOf(
  { targetTokenizer, targetEncoder }: FittedModel,
  { ids, logProbability, ended }: Written,
): GeneratedSequence {
  const tokens = ids.map((id) => targetEncoder?.tokenOf?.(id) ?? BOUNDARY);
  return { text: joinTokens(targetTokenizer, tokens), tokens, logProbability, ended };
}

/** Weights of the attention `[tokens][steps of the input]` while these sequences are written. */
async function attentionOf(
  { executable, record, targetEncoder }: FittedModel,
  members: readonly EncodedSequence[],
  written: readonly Written[],
): Promise<readonly (readonly (readonly number[])[])[]> {
  if (!record.network.attention)
    throw invalid(
      '"attention" was asked for, but the decoder of this model does not attend.',
      'Leave it out, or train a model with attention: { use: "additive" }.',
    );
  const boundary = boundaryOf(targetEncoder as Encoder);
  const sequences = members.map(({ source }, row): EncodedSequence => {
    const { ids, ended } = written[row] as Written;
    const values = Int32Array.of(boundary, ...(ended ? ids : ids.slice(0, -1)));
    return { values, length: values.length, source: source as EncodedSequence };
  });
  const batch = inputBatch(sequences, Int32Array.from(sequences.keys()), record.network);
  const traced = await executable.trace(batch, executable.initialState(batch.size), ['attention.a']);
  const { data } = traced['attention.a'] as Tensor;
  const { time, size } = batch;
  return sequences.map(({ length, source }, row) =>
    Array.from({ length }, (_, t) =>
      Array.from({ length: source?.length ?? 0 }, (_, s) => data[(t * time + s) * size + row] as number),
    ),
  );
}
