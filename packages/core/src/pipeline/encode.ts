// Raw sequences as the numbers that enter the network, with how well the vocabulary covers them.
import type { Values } from '../contracts/executable.ts';
import type { Encoder } from '../contracts/plugins.ts';
import type { RawSequence } from './inputs.ts';

/** One encoded sequence. */
export interface EncodedSequence {
  /** Ids `[steps]`, vectors `[steps, size]` row-major, or the columns of a bag `[entries]`. */
  readonly values: Int32Array | Values;
  /** Number of steps, or of a bag's entries. */
  readonly length: number;
  /** Of a bag: the number of each entry. */
  readonly numbers?: Float64Array;
  /** What the encoder of an encoder–decoder reads; `values` are then what its decoder is fed. */
  readonly source?: EncodedSequence;
}

/** What became of the tokens of a sequence. */
export interface Counts {
  /** Tokens, or things counted in a bag. */
  readonly tokens: number;
  /** Those that the vocabulary does not hold. */
  readonly unknown: number;
  /** Tokens that the vectorizer cut off. */
  readonly truncated: number;
}

/** Encodes one raw sequence. @param before - steps of it that were encoded earlier. */
export function encodeSequence(encoder: Encoder, raw: RawSequence, before = 0): EncodedSequence & Counts {
  const encoded = encoder.encode(raw, before);
  switch (encoded.kind) {
    case 'ids': {
      const { ids, unknown, truncated } = encoded;
      return { values: ids, length: ids.length, tokens: ids.length, unknown, truncated };
    }
    case 'bag': {
      const { columns, values, occurrences, unknown } = encoded;
      return { values: columns, numbers: values, length: columns.length, tokens: occurrences, unknown, truncated: 0 };
    }
    default: {
      const { values, size } = encoded;
      const length = values.length / size;
      return { values, length, tokens: length, unknown: 0, truncated: 0 };
    }
  }
}

/** With its vectors rounded to float32: half the memory, and what a backend that computes in float32 would make of them itself. */
export function rounded({ values, source, ...rest }: EncodedSequence): EncodedSequence {
  return {
    ...rest,
    values: values instanceof Float64Array ? Float32Array.from(values) : values,
    ...(source && { source: rounded(source) }),
  };
}
