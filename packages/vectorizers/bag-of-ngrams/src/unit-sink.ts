// What takes in the units of a document, one after the other.

/** Takes in units. */
export interface UnitSink {
  /** The next unit: what the first `length` of `units` spell, and its hash. The array is only lent. */
  readonly unit: (units: Uint16Array, length: number, hash: number) => void;
  /** No n-gram reaches over this place. */
  readonly endRun: () => void;
}

/** Hands the units of a document to a sink. The document may be a text, or tokens that a tokenizer has made. */
export type Reader = (document: string | readonly string[], sink: UnitSink) => void;
