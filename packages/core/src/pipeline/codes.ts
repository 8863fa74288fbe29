// How the examples of a task become numbers: what enters the network, and what its outputs are compared with.
import type { Encoder, Learns } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { type Counts, type EncodedSequence, encodeSequence } from './encode.ts';
import type { RawSequence } from './inputs.ts';
import type { LabelTable } from './labels.ts';
import { type NumberScale, standardised } from './number-scale.ts';

/**
 * The token that stands before the first and after the last one of a sequence that is to be generated, as in GPT-2 (Radford et
 * al. 2019). Tokenizers don't give it: it is no text of any language.
 */
export const BOUNDARY = '<|boundary|>';

/** What turns examples into numbers. */
export interface Codes {
  /** Of the task. */
  readonly learns: Learns;
  /** Of what is read. */
  readonly encoder: Encoder;
  /** Of what is to be generated; undefined for tasks that generate nothing else than they read. */
  readonly targetEncoder: Encoder | undefined;
  /** Of labels; without a label where tokens are learned. */
  readonly labels: LabelTable;
  /** Of the numbers that are learned; undefined for other tasks. */
  readonly scale: NumberScale | undefined;
}

/** An example as numbers. */
export interface EncodedExample extends Counts {
  /** What enters the network. */
  readonly sequence: EncodedSequence;
  /** Class numbers: one, or one for each step; of a number that is learned the standardised one. */
  readonly targets: Targets;
}

/** What the outputs for a sequence are compared with: class numbers, or values. */
export type Targets = Int32Array | Float64Array;

/**
 * Encodes an example. Where tokens are learned, each step is fed the token before it: the boundary, then all tokens, is
 * compared with all tokens, then the boundary.
 * @param number - where numbers are learned.
 * @throws UnrolledError `LABEL_UNKNOWN`
 */
export function encodeExample(
  codes: Codes,
  raw: RawSequence,
  targets: readonly string[],
  number: number | undefined,
): EncodedExample {
  const { learns, encoder, targetEncoder, labels, scale } = codes;
  const { values, length, numbers, ...counts } = encodeSequence(encoder, raw);
  const read: EncodedSequence = { values, length, ...(numbers && { numbers }) };
  if (learns === 'next') return { ...counts, ...predicting(tokenEncoder(encoder, 'input'), values as Int32Array) };
  if (learns === 'number')
    return {
      ...counts,
      sequence: read,
      targets: Float64Array.of(standardised(scale as NumberScale, number as number)),
    };
  if (learns !== 'sequence') {
    const classes = Int32Array.from(targets, (label) => labels.classOf(label, ''));
    return { ...counts, sequence: read, targets: learns === 'labels' ? classes.subarray(0, length) : classes };
  }
  const target = tokenEncoder(targetEncoder as Encoder, 'target');
  const { sequence, targets: next } = predicting(target, encodeSequence(target, targets).values as Int32Array);
  return { ...counts, sequence: { ...sequence, source: read }, targets: next };
}

/**
 * An input as the network reads it where nothing is known of what it is compared with: a text whose next token is asked for
 * begins with the boundary, and of a sequence that is to be generated the boundary alone is there.
 */
export function encodeForReading(
  { learns, encoder, targetEncoder }: Omit<Codes, 'labels' | 'scale'>,
  raw: RawSequence,
): EncodedSequence {
  const read = encodeSequence(encoder, raw);
  if (learns === 'next') return { values: Int32Array.of(boundaryOf(encoder), ...read.values), length: read.length + 1 };
  if (learns !== 'sequence') return read;
  return { values: Int32Array.of(boundaryOf(targetEncoder as Encoder)), length: 1, source: read };
}

/** Ids that are each to be predicted from those before. */
function predicting(encoder: Encoder, ids: Int32Array): Pick<EncodedExample, 'sequence' | 'targets'> {
  const boundary = boundaryOf(encoder);
  const around = new Int32Array(ids.length + 2).fill(boundary);
  around.set(ids, 1);
  return { sequence: { values: around.subarray(0, -1), length: ids.length + 1 }, targets: around.subarray(1) };
}

/** The number of the boundary. */
export function boundaryOf(encoder: Encoder): number {
  const encoded = encoder.encode([BOUNDARY]);
  return encoded.kind === 'ids' ? (encoded.ids[0] as number) : 0;
}

/** An encoder that gives tokens numbers. @throws UnrolledError `TARGET_NOT_TOKENS` */
export function tokenEncoder(encoder: Encoder, slot: 'input' | 'target'): Encoder {
  if (encoder.input.kind === 'ids') return encoder;
  throw notTokens(slot);
}

/** The error for a vectorizer that can't number the tokens that are to be predicted. */
export function notTokens(slot: 'input' | 'target'): UnrolledError {
  return new UnrolledError(
    'TARGET_NOT_TOKENS',
    `Tokens are to be predicted, but the vectorizer of "${slot}" gives them no numbers.`,
    { mend: `Name a vectorizer that numbers tokens, such as "embedding" or "one-hot", in ${slot}.vectorizer.` },
  );
}
