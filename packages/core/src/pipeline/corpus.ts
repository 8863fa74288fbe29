// Reads labelled examples once, from anything that can be iterated, and keeps them small: a number for each token.

import type { Example, TokenizerInstance } from '../contracts/plugins.ts';
import { counted } from '../counted.ts';
import { UnrolledError } from '../errors.ts';
import { describe } from '../options.ts';
import { createBreathe } from './breathe.ts';
import { createDataHash } from './data-hash.ts';
import type { Examples } from './examples.ts';
import { isEmptyInput, placeOf, type RawSequence, readInput } from './inputs.ts';
import { type LabelTable, learnsLabels } from './labels.ts';
import { numberOf, readTargets, type TargetReading } from './targets.ts';

/** How examples are read. */
export interface ReadSettings extends TargetReading {
  /** Undefined where the vectorizer reads numbers. */
  readonly tokenizer: TokenizerInstance | undefined;
  /** What an empty text means. */
  readonly emptyText: 'error' | 'skip';
  /** Steps kept of each example, from its start; all where undefined. */
  readonly maximumLength: number | undefined;
  /** Whether reading should stop. */
  readonly stopping?: (() => boolean) | undefined;
  /** Where labels are known already: any other is refused as it is read. Of no meaning where tokens are learned. */
  readonly labels: LabelTable | undefined;
}

/** One labelled example as read. */
export interface ReadExample {
  /** Its tokens or rows of numbers. */
  readonly sequence: RawSequence;
  /** Steps cut off by the maximum length. */
  readonly cut: number;
  /** Its targets as the data write them; see `readTargets`. */
  readonly targets: readonly string[];
  /** Its number, where numbers are learned. */
  readonly number: number | undefined;
  /** As it was given. */
  readonly example: Example;
  /** Where it stands, for messages. */
  readonly place: string;
}

/** Labelled examples in memory, in the order in which they came. */
export interface Corpus {
  /** How many. */
  readonly count: number;
  /** Tokens or rows of one. */
  readonly sequenceOf: (index: number) => RawSequence;
  /** Steps cut off one by the maximum length. */
  readonly cutOf: (index: number) => number;
  /** Targets of one as the data write them. */
  readonly targetsOf: (index: number) => readonly string[];
  /** Number of one, where numbers are learned. */
  readonly numberOf: (index: number) => number | undefined;
  /** Where one stands, for messages. */
  readonly placeOf: (index: number) => string;
  /** How many were left out for an empty text. */
  readonly skipped: number;
  /** Hash of everything that was read. */
  readonly hash: string;
}

/**
 * Reads all examples, one after the other.
 * @throws UnrolledError `DATA_INVALID`, `DATA_EMPTY`, `EXAMPLE_INVALID`, `EXAMPLE_EMPTY`, `LABEL_MISSING`, `LABEL_UNKNOWN`, `NUMBER_MISSING`, `RUN_STOPPED`
 */
export async function readCorpus(data: Examples, settings: ReadSettings): Promise<Corpus> {
  const lexicon = createLexicon();
  const sequences: (Int32Array | RawSequence)[] = [];
  const names = createLexicon();
  const targets: Int32Array[] = [];
  const numbers: (number | undefined)[] = [];
  const cuts: number[] = [];
  const places: string[] = [];
  const hash = createDataHash();
  const skips = { count: 0 };
  for await (const { sequence, cut, targets: own, number, example, place } of readExamples(data, settings, skips)) {
    hash.add(example);
    sequences.push(settings.tokenizer ? lexicon.encode(sequence as readonly string[]) : sequence);
    targets.push(names.encode(own));
    numbers.push(number);
    cuts.push(cut);
    // Any token has a number, so that only rows of numbers are refused later.
    if (!settings.tokenizer) places.push(place);
  }
  return {
    count: targets.length,
    sequenceOf: (index) => {
      const kept = sequences[index] as Int32Array | RawSequence;
      return kept instanceof Int32Array ? lexicon.decode(kept) : kept;
    },
    cutOf: (index) => cuts[index] as number,
    targetsOf: (index) => names.decode(targets[index] as Int32Array),
    numberOf: (index) => numbers[index],
    placeOf: (index) => places[index] ?? `Example ${index + 1}`,
    skipped: skips.count,
    hash: hash.digest(),
  };
}

/**
 * Labelled examples one by one; those left out for an empty text are counted in `skips`.
 * @throws UnrolledError as {@link readCorpus}
 */
export async function* readExamples(
  data: Examples,
  { tokenizer, emptyText, labels, stopping, maximumLength = Infinity, ...reading }: ReadSettings,
  skips: { count: number },
): AsyncGenerator<ReadExample, void, void> {
  checkIterable(data);
  const breathe = createBreathe();
  let index = 0;
  let kept = 0;
  for await (const example of data) {
    const place = placeOf(example, index);
    index += 1;
    if (stopping?.()) throw stoppedEarly();
    if (emptyText === 'skip' && isEmptyInput(example)) {
      skips.count += 1;
      continue;
    }
    const read = readInput(example, place, tokenizer, reading.learns);
    const all = readTargets(reading, example, read.length, place);
    const targets = reading.learns === 'labels' ? all.slice(0, maximumLength) : all;
    if (labels && learnsLabels(reading.learns)) for (const label of targets) labels.classOf(label, place);
    const cut = Math.max(0, read.length - maximumLength);
    const number = reading.learns === 'number' ? numberOf(example, place) : undefined;
    yield { sequence: cut > 0 ? read.slice(0, maximumLength) : read, cut, targets, number, example, place };
    kept += 1;
    await breathe();
  }
  if (kept > 0) return;
  const message = index === 0 ? 'There are no examples.' : `Of ${counted(index, 'example')} none has a text or a step.`;
  throw new UnrolledError('DATA_EMPTY', message, {
    mend: 'Give at least one example; where labels are learned, one of each.',
  });
}

/** The error of a run that is asked to stop before it has made a step: `RUN_STOPPED`. */
export function stoppedEarly(): UnrolledError {
  return new UnrolledError('RUN_STOPPED', 'The run was stopped before its first step, so it learned nothing.', {
    mend: 'Start it again; a model from before is untouched.',
  });
}

function checkIterable(data: unknown): void {
  const iterable =
    typeof data === 'object' && data !== null && (Symbol.iterator in data || Symbol.asyncIterator in data);
  if (iterable) return;
  throw new UnrolledError(
    'DATA_INVALID',
    `Examples must be an array or another iterable, but ${describe(data)} was given.`,
    {
      mend: 'Give for example [{ text: "a gem", label: "positive" }, …].',
    },
  );
}

/** Numbers for distinct tokens, so that a corpus takes four bytes a token. */
function createLexicon() {
  const ids = new Map<string, number>();
  const tokens: string[] = [];
  const idOf = (token: string): number => {
    const known = ids.get(token);
    if (known !== undefined) return known;
    ids.set(token, tokens.length);
    tokens.push(token);
    return tokens.length - 1;
  };
  return {
    encode: (sequence: readonly string[]): Int32Array => Int32Array.from(sequence, idOf),
    decode: (sequence: Int32Array): string[] => Array.from(sequence, (id) => tokens[id] as string),
  };
}
