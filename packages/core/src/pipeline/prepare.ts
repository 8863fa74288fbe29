// From raw examples to encoded training and validation parts; the vocabulary sees the training part alone.

import type { Encoder, Learns, TokenizerInstance, Vectorizer } from '../contracts/plugins.ts';
import { counted } from '../counted.ts';
import { UnrolledError } from '../errors.ts';
import type { Chosen, ResolvedPipeline } from '../resolved.ts';
import { createBreathe } from './breathe.ts';
import { classWeights } from './class-weights.ts';
import { BOUNDARY, type Codes, notTokens } from './codes.ts';
import { type Corpus, readCorpus } from './corpus.ts';
import type { Examples } from './examples.ts';
import { atPlace, type RawSequence } from './inputs.ts';
import { type LabelTable, labelTable, learnLabels, learnsLabels } from './labels.ts';
import { type NumberScale, scaleOf } from './number-scale.ts';
import { type CoveredPart, type EncodedPart, encodePart, encodeStreams, withBoundary } from './part.ts';
import type { FitReport } from './progress.ts';
import type { CheckedSettings } from './settings.ts';
import { stratifiedSplit } from './split.ts';
import { partStream, type StreamText } from './stream-text.ts';

/** Raw examples in memory, with their labels, divided into parts. */
export interface Gathered {
  /** Undefined where the vectorizer reads numbers. */
  readonly tokenizer: TokenizerInstance | undefined;
  /** Of what is to be generated; undefined for tasks that generate nothing else than they read. */
  readonly targetTokenizer: TokenizerInstance | undefined;
  /** Declared or learned; none where tokens or numbers are learned. */
  readonly labels: LabelTable;
  /** Of the numbers that are learned; undefined for other tasks. */
  readonly scale: NumberScale | undefined;
  /** What is learned from. */
  readonly training: Part;
  /** What is validated on, where there is something. */
  readonly validation: Part | undefined;
  /** Training examples of each label. */
  readonly labelCounts: readonly number[];
  /** Examples left out for an empty text. */
  readonly skipped: number;
  /** Hash of the examples. */
  readonly dataHash: string;
  /** Hash of validation examples of their own, where there are some. */
  readonly validationHash: string | undefined;
}

/** Members of a corpus. */
export interface Part {
  /** The examples. */
  readonly corpus: Corpus;
  /** Which of them. */
  readonly members: Int32Array;
}

/** Encoded parts. */
export interface Prepared extends Omit<Gathered, 'training' | 'validation'>, Encoders {
  /** How many classes the network's outputs tell apart. */
  readonly classes: number;
  /** Training part. */
  readonly training: EncodedPart;
  /** Validation part. */
  readonly validation: EncodedPart | undefined;
  /** Factor of each label's loss; undefined where all count alike. */
  readonly classWeights: Float64Array | undefined;
  /** What became of the data. */
  readonly report: FitReport;
}

/** What was fitted. */
export interface Encoders {
  /** Of what is read. */
  readonly encoder: Encoder;
  /** Of what is to be generated, where that is something else. */
  readonly targetEncoder: Encoder | undefined;
}

/**
 * Reads the data once, learns the labels and divides the examples.
 * @throws UnrolledError `DATA_INVALID`, `DATA_EMPTY`, `DATA_ONE_CLASS`, `DATA_ONE_NUMBER`, `EXAMPLE_EMPTY`, `EXAMPLE_INVALID`,
 * `LABEL_MISSING`, `LABEL_UNKNOWN`, `LABEL_UNSEEN`, `NUMBER_MISSING`, `SPLIT_EMPTY`, `RUN_STOPPED`
 */
export async function gather(
  resolved: ResolvedPipeline,
  data: Examples,
  settings: CheckedSettings,
  stopping: () => boolean,
): Promise<Gathered> {
  const { emptyText, maximumLength, validation, seed, stream } = settings;
  const { learns } = resolved;
  const tokenizer = resolved.tokenizer?.plugin.create(resolved.tokenizer.options);
  const targetTokenizer = resolved.targetTokenizer?.plugin.create(resolved.targetTokenizer.options);
  const declared = resolved.labels && labelTable(resolved.labels);
  const reading = { learns, tokenizer, targetTokenizer, emptyText, maximumLength, stopping };
  const corpus = await readCorpus(data, { ...reading, labels: declared });
  const labels = declared ?? (learnsLabels(learns) ? learnLabels(targetsOf(corpus)) : labelTable([]));
  if (learnsLabels(learns)) checkClasses(countClasses(corpus, labels), labels, corpus.count, learns === 'label');
  const own =
    typeof validation === 'object'
      ? await readCorpus(validation, { ...reading, labels: declared ?? labels })
      : undefined;
  const share = typeof validation === 'number' && !stream ? validation : undefined;
  const split = share === undefined ? undefined : splitCorpus(corpus, labels, learns === 'label', share, seed);
  const training = split ? split.training : Int32Array.from({ length: corpus.count }, (_, index) => index);
  return {
    tokenizer,
    targetTokenizer,
    labels,
    scale: learns === 'number' ? scaleOf(Array.from(training, (index) => corpus.numberOf(index) as number)) : undefined,
    training: { corpus, members: training },
    validation: own ? everything(own) : split ? { corpus, members: split.validation } : undefined,
    labelCounts: learnsLabels(learns) ? countClasses(corpus, labels, training) : [],
    skipped: corpus.skipped + (own?.skipped ?? 0),
    dataHash: corpus.hash,
    validationHash: own?.hash,
  };
}

/** Labels are shared out alike; other examples are drawn from all. */
function splitCorpus(corpus: Corpus, labels: LabelTable, labelled: boolean, share: number, seed: number) {
  const classOf = (index: number) => (labelled ? labels.classOf(corpus.targetsOf(index)[0] as string, '') : 0);
  const classes = Int32Array.from({ length: corpus.count }, (_, index) => classOf(index));
  return stratifiedSplit(classes, labelled ? labels.shown.length : 1, share, seed);
}

function* targetsOf(corpus: Corpus): Generator<string, void, void> {
  for (let index = 0; index < corpus.count; index += 1) yield* corpus.targetsOf(index);
}

function everything(corpus: Corpus): Part {
  return { corpus, members: Int32Array.from({ length: corpus.count }, (_, index) => index) };
}

/**
 * Fits the vocabularies on the training part, unless they are given, and encodes both parts.
 * @throws UnrolledError `DATA_EMPTY`, `LABEL_UNKNOWN`, `OPTION_INVALID`, `TARGET_NOT_TOKENS`
 */
export async function prepare(
  resolved: ResolvedPipeline,
  gathered: Gathered,
  settings: CheckedSettings,
  given: Encoders | undefined,
): Promise<Prepared> {
  const { labels, labelCounts, skipped, scale } = gathered;
  const streams = settings.stream ? streamsOf(gathered, settings) : undefined;
  const encoders = given ?? (await fitEncoders(resolved, gathered.training, streams?.training));
  const codes: Codes = { learns: resolved.learns, labels, scale, ...encoders };
  const { training, validation } = streams
    ? await encodeTexts(streams, encoders.encoder, settings.batchSize)
    : await encodeParts(gathered, codes, computesWide(resolved));
  checkWritable(codes);
  if (training.coverage.tokens === 0)
    throw new UnrolledError('DATA_EMPTY', 'Of all training examples no token is left.', {
      mend: "Look at the tokenizer's options, or lower the vocabulary's minimum count.",
    });
  const report: FitReport = {
    labels: Object.fromEntries(labels.shown.map((label, index) => [label, labelCounts[index] as number])),
    ...(scale && { numbers: scale }),
    skipped,
    training: training.coverage,
    ...(validation && { validation: validation.coverage }),
    vocabulary: encoders.encoder.report(),
    ...(encoders.targetEncoder && { targetVocabulary: encoders.targetEncoder.report() }),
  };
  const weights = labels.shown.length > 0 ? classWeights(settings.classWeights, labels, labelCounts) : undefined;
  const classes = classesOf(codes);
  return { ...gathered, ...encoders, training, validation, classes, classWeights: weights, report };
}

/** Where tokens are learned, one at least must have a number of its own, or there is nothing to write. */
function checkWritable({ learns, encoder, targetEncoder }: Codes): void {
  if (learns !== 'next' && learns !== 'sequence') return;
  const { input, tokenOf } = targetEncoder ?? encoder;
  if (input.kind !== 'ids' || !tokenOf) return;
  const tokens = Array.from({ length: input.vocabulary }, (_, id) => tokenOf(id));
  if (tokens.some((token) => token !== undefined && token !== BOUNDARY)) return;
  throw new UnrolledError(
    'VOCABULARY_EMPTY',
    'All tokens that are to be predicted are unknown to the vocabulary, so there is nothing to learn but where a text ends.',
    { mend: "Lower the vectorizer's minimumCount, or give more examples." },
  );
}

/** Labels, or the tokens of the vocabulary that are told apart; none of numbers. */
function classesOf({ learns, labels, encoder, targetEncoder }: Codes): number {
  if (learnsLabels(learns)) return labels.shown.length;
  if (learns === 'number') return 0;
  const { input } = targetEncoder ?? encoder;
  return input.kind === 'ids' ? input.vocabulary : 0;
}

interface Parts<T> {
  readonly training: T;
  readonly validation: T | undefined;
}

async function encodeParts(
  { training, validation }: Gathered,
  codes: Codes,
  wide: boolean,
): Promise<Parts<CoveredPart>> {
  return {
    training: await encodePart(training.corpus, training.members, codes, wide),
    validation: validation && (await encodePart(validation.corpus, validation.members, codes, wide)),
  };
}

/** Whether the backend may compute in float64. */
function computesWide({ backend: { plugin, settings } }: ResolvedPipeline): boolean {
  return (settings.precision ?? plugin.precisions.join()) !== 'float32';
}

/** Endless texts: a share for validation is the end of the one, examples of their own are another one. */
function streamsOf({ training, validation }: Gathered, { validation: asked }: CheckedSettings): Parts<StreamText> {
  if (typeof asked === 'number') return partStream(training.corpus, asked);
  const whole = ({ corpus }: Part): StreamText => partStream(corpus, 0).training;
  return { training: whole(training), validation: validation && whole(validation) };
}

async function encodeTexts(
  { training, validation }: Parts<StreamText>,
  encoder: Encoder,
  count: number,
): Promise<Parts<CoveredPart>> {
  return {
    training: await encodeStreams(training, encoder, count),
    validation: validation && (await encodeStreams(validation, encoder, count)),
  };
}

/** @param stream - the training part as an endless text, where it is learned as one. */
async function fitEncoders(
  { vectorizer, targetVectorizer, learns }: ResolvedPipeline,
  training: Part,
  stream: StreamText | undefined,
): Promise<Encoders> {
  if (learns === 'next' && vectorizer.plugin.reads !== 'tokens') throw notTokens('input');
  if (targetVectorizer && targetVectorizer.plugin.reads !== 'tokens') throw notTokens('target');
  const { corpus, members } = training;
  const targets = sequencesOf(members, (member) => withBoundary(corpus.targetsOf(member)));
  return {
    encoder: stream
      ? await fitEncoder(vectorizer, tokensOf(stream))
      : await fitEncoder(vectorizer, readOf(training, learns), (nth) => corpus.placeOf(members[nth] as number)),
    targetEncoder: targetVectorizer && (await fitEncoder(targetVectorizer, targets)),
  };
}

/** What the vocabulary of what is read is counted on. */
function readOf({ corpus, members }: Part, learns: Learns): Iterable<RawSequence> {
  if (learns !== 'next') return sequencesOf(members, corpus.sequenceOf);
  return sequencesOf(members, (member) => withBoundary(corpus.sequenceOf(member)));
}

function* sequencesOf(members: Int32Array, of: (member: number) => RawSequence): Generator<RawSequence, void, void> {
  for (const member of members) yield of(member);
}

function* tokensOf({ excerpts }: StreamText): Generator<RawSequence, void, void> {
  for (const { begins, tokens } of excerpts()) yield begins ? withBoundary(tokens) : tokens;
}

/** @param placeOf - where the nth of the sequences stands, for messages. */
async function fitEncoder(
  { plugin, options }: Chosen<Vectorizer>,
  sequences: Iterable<RawSequence>,
  placeOf = (nth: number) => `Example ${nth + 1}`,
): Promise<Encoder> {
  const breathe = createBreathe();
  const fitter = plugin.fit(options);
  let boundaries = 0;
  let nth = 0;
  for (const sequence of sequences) {
    atPlace(placeOf(nth), () => fitter.add(sequence));
    nth += 1;
    if (sequence.at(-1) === BOUNDARY) boundaries += 1;
    await breathe();
  }
  // Few examples may have fewer boundaries than a vocabulary asks of a token, but each text has its beginning and its end.
  const missing = boundaries > 0 ? Number(options.minimumCount ?? 1) - boundaries : 0;
  if (missing > 0) fitter.add(new Array<string>(missing).fill(BOUNDARY));
  return fitter.build();
}

function countClasses(corpus: Corpus, labels: LabelTable, members?: Int32Array): number[] {
  const counts = labels.shown.map(() => 0);
  const count = members?.length ?? corpus.count;
  for (let index = 0; index < count; index += 1)
    for (const label of corpus.targetsOf(members?.[index] ?? index)) {
      const number = labels.classOf(label, '');
      counts[number] = (counts[number] as number) + 1;
    }
  return counts;
}

/** @param all - whether every label must have an example; of the many that steps may have, some are rare. */
function checkClasses(counts: readonly number[], labels: LabelTable, examples: number, all: boolean): void {
  const present = labels.pairs.filter((_, index) => (counts[index] as number) > 0);
  if (present.length < 2)
    throw new UnrolledError(
      'DATA_ONE_CLASS',
      `There is nothing to tell apart: the only label in ${counted(examples, 'example')} is ${JSON.stringify(present[0]?.stored)}.`,
      { mend: 'Give examples of at least two labels.' },
    );
  const unseen = labels.pairs.filter((_, index) => counts[index] === 0);
  if (all && unseen.length > 0)
    throw new UnrolledError(
      'LABEL_UNSEEN',
      `target.labels names ${unseen.map(({ stored }) => JSON.stringify(stored)).join(', ')}, but no example has ${unseen.length === 1 ? 'it' : 'them'}.`,
      { mend: 'Give examples of every label, or leave those labels out.' },
    );
}
