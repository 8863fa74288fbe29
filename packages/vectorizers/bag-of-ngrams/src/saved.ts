// Fitted bags as plain data.

/** A fitted vocabulary as plain data (JSON). */
export interface SavedVocabulary {
  /** A column for each n-gram. */
  readonly features: 'vocabulary';
  /** Documents that were counted. */
  readonly documents: number;
  /** The units that n-grams are made of. */
  readonly words: readonly string[];
  /** By column: the units of its n-gram, as places in `words`. */
  readonly ngrams: readonly (readonly number[])[];
  /** By column: documents that hold the n-gram. */
  readonly frequencies: readonly number[];
  /** Facts for the report. */
  readonly report: Readonly<Record<string, number>>;
}

/** A hashed bag as plain data (JSON). */
export interface SavedHashing {
  /** A column for each value of a hash. */
  readonly features: 'hashing';
  /** Documents that were counted. */
  readonly documents: number;
  /** Columns that documents had something in, and how many did; empty but for tf-idf. */
  readonly frequencies: readonly (readonly [column: number, documents: number])[];
  /** Columns and the n-grams that are remembered of them. */
  readonly names: readonly (readonly [column: number, names: readonly string[]])[];
  /** Facts for the report. */
  readonly report: Readonly<Record<string, number>>;
}

/** A fitted bag as plain data. */
export type Saved = SavedVocabulary | SavedHashing;
