// What a bag is once its corpus has been counted: documents become rows. Nothing changes it any more.
import type { Bags, Row } from './row.ts';
import type { Saved } from './saved.ts';

/** A document: a text, or tokens that a tokenizer has made. */
export type BagDocument = string | readonly string[];

/** Turns documents into rows. */
export interface BagModel {
  /** How many columns there are. */
  readonly columns: number;
  /** The row of a document; the next call fills it anew. @throws UnrolledError `DOCUMENT_INVALID` */
  readonly rowOf: (document: BagDocument) => Row;
  /** The n-grams that are known to count in a column, in the order in which they were met. */
  readonly namesOf: (column: number) => readonly string[];
  /** ln((1 + n) ÷ (1 + df)) + 1 of each column, for tf-idf. */
  readonly inverseDocumentFrequencies: Float64Array | undefined;
  /** As plain data. */
  readonly toJSON: () => Saved;
  /** Facts for the report after fit. */
  readonly report: () => Readonly<Record<string, number>>;
}

/** What has been counted of a corpus so far. */
export interface BagCounts<M extends BagModel = BagModel> {
  /** Counts one document. @throws UnrolledError `DOCUMENT_INVALID` */
  readonly add: (document: BagDocument) => void;
  /** Adds what another has counted with the same options: the same as one pass over both. */
  readonly merge: (other: BagCounts) => void;
  /** The model of all that was counted. @throws UnrolledError `DATA_EMPTY`, `VOCABULARY_EMPTY` */
  readonly build: () => M;
  /** The model, and the row of each document that was added; where the counts were told to keep rows, and once. */
  readonly buildWithRows: () => { readonly model: M; readonly bags: Bags };
}
