// Raw sequences as the numbers that enter the network, with how well the vocabulary covers them.
import type { Encoder } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { createBreathe } from './breathe.ts';
import type { Corpus } from './corpus.ts';
import type { RawSequence } from './inputs.ts';
import type { CoverageReport } from './progress.ts';

/** One encoded sequence. */
export interface EncodedSequence {
  /** Ids `[steps]`, or vectors `[steps, size]` row-major. */
  readonly values: Int32Array | Float64Array;
  /** Number of steps. */
  readonly length: number;
}

/** Encoded and labelled sequences. */
export interface EncodedPart {
  /** The sequences. */
  readonly sequences: readonly EncodedSequence[];
  /** Class number of each. */
  readonly classes: Int32Array;
  /** Number of each in the data set: random masks are drawn by it. */
  readonly exampleIndex: Int32Array;
}

/** Encodes one raw sequence. @param before - steps of it that were encoded earlier. @throws UnrolledError `NOT_AVAILABLE` for a bag. */
export function encodeSequence(encoder: Encoder, raw: RawSequence, before = 0): EncodedSequence & Counts {
  const encoded = encoder.encode(raw, before);
  if (encoded.kind === 'ids') {
    const { ids, unknown, truncated } = encoded;
    return { values: ids, length: ids.length, unknown, truncated };
  }
  if (encoded.kind === 'bag')
    throw new UnrolledError(
      'NOT_AVAILABLE',
      'This vectorizer emits a bag; learning from bags in a pipeline is not available yet.',
      {
        mend: 'Take a vectorizer that emits steps, such as "embedding", or use the vectorizer by itself.',
      },
    );
  const { values, size } = encoded;
  return { values, length: values.length / size, unknown: 0, truncated: 0 };
}

interface Counts {
  /** Tokens that the vocabulary does not hold. */
  readonly unknown: number;
  /** Tokens that the vectorizer cut off. */
  readonly truncated: number;
}

/** Encodes the examples of a corpus that `members` names. @param classOf - class number of a stored label. */
export async function encodePart(
  corpus: Corpus,
  members: Int32Array,
  encoder: Encoder,
  classOf: (label: string) => number,
): Promise<EncodedPart & { readonly coverage: CoverageReport }> {
  const breathe = createBreathe();
  const sequences: EncodedSequence[] = [];
  const total = { tokens: 0, unknown: 0, truncated: 0, empty: 0 };
  for (const member of members) {
    const { values, length, unknown, truncated } = encodeSequence(encoder, corpus.sequenceOf(member));
    sequences.push({ values, length });
    total.tokens += length;
    total.unknown += unknown;
    total.truncated += truncated + corpus.cutOf(member);
    total.empty += length === 0 ? 1 : 0;
    await breathe();
  }
  return {
    sequences,
    classes: Int32Array.from(members, (member) => classOf(corpus.labels[member] as string)),
    exampleIndex: members,
    coverage: {
      examples: members.length,
      ...total,
      unknownRate: total.tokens === 0 ? 0 : total.unknown / total.tokens,
    },
  };
}
