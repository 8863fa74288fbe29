// From raw examples to encoded training and validation parts; the vocabulary sees the training part alone.
import type { Encoder, TokenizerInstance } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import type { ResolvedPipeline } from '../resolved.ts';
import { createBreathe } from './breathe.ts';
import { classWeights } from './class-weights.ts';
import { type Corpus, readCorpus } from './corpus.ts';
import { type EncodedPart, encodePart } from './encode.ts';
import type { Examples } from './examples.ts';
import { type LabelTable, labelTable, learnLabels } from './labels.ts';
import type { FitReport } from './progress.ts';
import type { CheckedSettings } from './settings.ts';
import { stratifiedSplit } from './split.ts';

/** Raw examples in memory, with their labels, divided into parts. */
export interface Gathered {
  /** Undefined where the vectorizer reads numbers. */
  readonly tokenizer: TokenizerInstance | undefined;
  /** Declared or learned. */
  readonly labels: LabelTable;
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
export interface Prepared extends Omit<Gathered, 'training' | 'validation'> {
  /** As fitted on the training part. */
  readonly encoder: Encoder;
  /** Training part. */
  readonly training: EncodedPart;
  /** Validation part. */
  readonly validation: EncodedPart | undefined;
  /** Factor of each label's loss. */
  readonly classWeights: Float64Array;
  /** What became of the data. */
  readonly report: FitReport;
}

/**
 * Reads the data once, learns the labels and divides the examples.
 * @throws UnrolledError `DATA_INVALID`, `DATA_EMPTY`, `DATA_ONE_CLASS`, `EXAMPLE_EMPTY`, `EXAMPLE_INVALID`, `LABEL_MISSING`,
 * `LABEL_UNKNOWN`, `LABEL_UNSEEN`, `SPLIT_EMPTY`, `RUN_STOPPED`
 */
export async function gather(
  resolved: ResolvedPipeline,
  data: Examples,
  settings: CheckedSettings,
  stopping: () => boolean,
): Promise<Gathered> {
  const { emptyText, maximumLength, validation, seed } = settings;
  const tokenizer = resolved.tokenizer?.plugin.create(resolved.tokenizer.options);
  const declared = resolved.labels && labelTable(resolved.labels);
  const corpus = await readCorpus(data, { tokenizer, emptyText, maximumLength, stopping, labels: declared });
  const labels = declared ?? learnLabels(corpus.labels);
  const classes = Int32Array.from(corpus.labels, (label) => labels.classOf(label, ''));
  checkClasses(classes, labels);
  const own =
    typeof validation === 'object'
      ? await readCorpus(validation, { tokenizer, emptyText, maximumLength, stopping, labels })
      : undefined;
  const split = typeof validation === 'number' && stratifiedSplit(classes, labels.shown.length, validation, seed);
  const training = split ? split.training : Int32Array.from(classes.keys());
  return {
    tokenizer,
    labels,
    training: { corpus, members: training },
    validation: own ? everything(own) : split ? { corpus, members: split.validation } : undefined,
    labelCounts: countClasses(
      training.map((member) => classes[member] as number),
      labels,
    ),
    skipped: corpus.skipped + (own?.skipped ?? 0),
    dataHash: corpus.hash,
    validationHash: own?.hash,
  };
}

function everything(corpus: Corpus): Part {
  return { corpus, members: Int32Array.from(corpus.labels.keys()) };
}

/**
 * Fits the vocabulary on the training part, unless one is given, and encodes both parts.
 * @throws UnrolledError `DATA_EMPTY`, `LABEL_UNKNOWN`, `OPTION_INVALID`
 */
export async function prepare(
  resolved: ResolvedPipeline,
  gathered: Gathered,
  settings: CheckedSettings,
  given: Encoder | undefined,
): Promise<Prepared> {
  const { labels, labelCounts, skipped, validation: unencoded } = gathered;
  const encoder = given ?? (await fitEncoder(resolved, gathered.training));
  const encode = ({ corpus, members }: Part) =>
    encodePart(corpus, members, encoder, (label) => labels.classOf(label, ''));
  const training = await encode(gathered.training);
  if (training.coverage.tokens === 0)
    throw new UnrolledError('DATA_EMPTY', 'Of all training examples no token is left.', {
      mend: "Look at the tokenizer's options, or lower the vocabulary's minimum count.",
    });
  const validation = unencoded && (await encode(unencoded));
  const report: FitReport = {
    labels: Object.fromEntries(labels.shown.map((label, index) => [label, labelCounts[index] as number])),
    skipped,
    training: training.coverage,
    ...(validation && { validation: validation.coverage }),
    vocabulary: encoder.report(),
  };
  const weights = classWeights(settings.classWeights, labels, labelCounts);
  return { ...gathered, encoder, training, validation, classWeights: weights, report };
}

async function fitEncoder({ vectorizer }: ResolvedPipeline, { corpus, members }: Part): Promise<Encoder> {
  const breathe = createBreathe();
  const fitter = vectorizer.plugin.fit(vectorizer.options);
  for (const member of members) {
    fitter.add(corpus.sequenceOf(member));
    await breathe();
  }
  return fitter.build();
}

function countClasses(classes: Int32Array, labels: LabelTable): number[] {
  const counts = labels.shown.map(() => 0);
  for (const label of classes) counts[label] = (counts[label] as number) + 1;
  return counts;
}

function checkClasses(classes: Int32Array, labels: LabelTable): void {
  const counts = countClasses(classes, labels);
  const present = labels.pairs.filter((_, index) => (counts[index] as number) > 0);
  if (present.length < 2)
    throw new UnrolledError(
      'DATA_ONE_CLASS',
      `All ${classes.length} examples have the label ${JSON.stringify(present[0]?.stored)}, so there is nothing to tell apart.`,
      { mend: 'Give examples of at least two labels.' },
    );
  const unseen = labels.pairs.filter((_, index) => counts[index] === 0);
  if (unseen.length > 0)
    throw new UnrolledError(
      'LABEL_UNSEEN',
      `target.labels names ${unseen.map(({ stored }) => JSON.stringify(stored)).join(', ')}, but no example has ${unseen.length === 1 ? 'it' : 'them'}.`,
      { mend: 'Give examples of every label, or leave those labels out.' },
    );
}
