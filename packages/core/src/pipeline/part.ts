// Encoded examples: what training, validation and evaluation work on.
import type { Encoder } from '../contracts/plugins.ts';
import { createBreathe } from './breathe.ts';
import { BOUNDARY, boundaryOf, type Codes, encodeExample, type Targets, tokenEncoder } from './codes.ts';
import type { Corpus } from './corpus.ts';
import { type EncodedSequence, encodeSequence, rounded } from './encode.ts';
import { atPlace, type RawSequence } from './inputs.ts';
import type { CoverageReport } from './progress.ts';
import type { StreamText } from './stream-text.ts';

/** Encoded sequences and what they are compared with. */
export interface EncodedPart {
  /** The sequences. */
  readonly sequences: readonly EncodedSequence[];
  /** What each is compared with; see `EncodedExample`. */
  readonly targets: readonly Targets[];
  /** Number of each in the data set: random masks are drawn by it. */
  readonly exampleIndex: Int32Array;
}

/** A part and how well the vocabulary covers it. */
export interface CoveredPart extends EncodedPart {
  /** How well. */
  readonly coverage: CoverageReport;
}

/**
 * Encodes the examples of a corpus that `members` names.
 * @param wide - whether vectors are kept in float64.
 * @throws UnrolledError `LABEL_UNKNOWN`, `TARGET_NOT_TOKENS`
 */
export async function encodePart(
  corpus: Corpus,
  members: Int32Array,
  codes: Codes,
  wide: boolean,
): Promise<CoveredPart> {
  const breathe = createBreathe();
  const sequences: EncodedSequence[] = [];
  const targets: Targets[] = [];
  const count = counting();
  for (const member of members) {
    const example = atPlace(corpus.placeOf(member), () =>
      encodeExample(codes, corpus.sequenceOf(member), corpus.targetsOf(member), corpus.numberOf(member)),
    );
    sequences.push(wide ? example.sequence : rounded(example.sequence));
    targets.push(example.targets);
    count.add(example, corpus.cutOf(member));
    await breathe();
  }
  return { sequences, targets, exampleIndex: members, coverage: count.report(members.length) };
}

/**
 * An endless text cut into contiguous streams side by side: each step is compared with the token after it.
 * @param count - how many streams.
 */
export async function encodeStreams(text: StreamText, encoder: Encoder, count: number): Promise<CoveredPart> {
  const breathe = createBreathe();
  const tokens = tokenEncoder(encoder, 'input');
  const boundary = Int32Array.of(boundaryOf(tokens));
  const pieces: Int32Array[] = [];
  const counts = counting();
  for (const { begins, tokens: own, cut } of text.excerpts()) {
    const encoded = encodeSequence(tokens, own);
    if (begins) pieces.push(boundary);
    pieces.push(encoded.values as Int32Array);
    counts.add(encoded, cut);
    await breathe();
  }
  if (text.closed) pieces.push(boundary);
  return { ...streamsOf(concatenated(pieces), count), coverage: counts.report(text.count) };
}

/** A text as streams of equal length; the first ones are a step longer where it does not come out even. */
function streamsOf(ids: Int32Array, count: number): EncodedPart {
  const steps = Math.max(0, ids.length - 1);
  const streams = Math.max(1, Math.min(count, steps));
  const sequences: EncodedSequence[] = [];
  const targets: Int32Array[] = [];
  for (let stream = 0, from = 0; stream < streams; stream += 1) {
    const length = Math.floor(steps / streams) + (stream < steps % streams ? 1 : 0);
    sequences.push({ values: ids.subarray(from, from + length), length });
    targets.push(ids.subarray(from + 1, from + 1 + length));
    from += length;
  }
  return { sequences, targets, exampleIndex: Int32Array.from(sequences.keys()) };
}

function concatenated(pieces: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** What a vocabulary is counted on of a sequence whose tokens are to be generated. */
export function withBoundary(raw: RawSequence): RawSequence {
  return [...(raw as readonly string[]), BOUNDARY];
}

function counting() {
  const total = { tokens: 0, unknown: 0, truncated: 0, empty: 0 };
  return {
    add: (counts: { readonly tokens: number; readonly unknown: number; readonly truncated: number }, cut: number) => {
      total.tokens += counts.tokens;
      total.unknown += counts.unknown;
      total.truncated += counts.truncated + cut;
      total.empty += counts.tokens === 0 ? 1 : 0;
    },
    report: (examples: number): CoverageReport => ({
      examples,
      ...total,
      unknownRate: total.tokens === 0 ? 0 : total.unknown / total.tokens,
    }),
  };
}
