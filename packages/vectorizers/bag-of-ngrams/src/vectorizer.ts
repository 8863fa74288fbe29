// The bag of n-grams as a tool of its own: texts → sparse rows.
import { counted, describe, parseOptions, UnrolledError } from '@unrolled/core';
import { HashedCounts } from './hashed-counts.ts';
import type { BagCounts, BagDocument, BagModel } from './model.ts';
import { type BagVectorizerOptions, bagVectorizerOptions, checkOptions } from './options.ts';
import { corrupt, modelFrom } from './restore.ts';
import { type Bags, BagsBuilder, type SparseMatrix } from './row.ts';
import type { Saved } from './saved.ts';
import { VocabularyCounts } from './vocabulary-counts.ts';
import { VocabularyModel } from './vocabulary-model.ts';

const owner = 'vectorizer "bag-of-ngrams"';

/** A fitted vectorizer as plain data (JSON). */
export interface SavedBagVectorizer {
  /** All of its options. */
  readonly options: BagVectorizerOptions;
  /** What it learned. */
  readonly model: Saved;
}

/** Documents that are there, or that come one after the other. */
export type BagDocuments = Iterable<BagDocument> | AsyncIterable<BagDocument>;

/** A result at once, or a promise of it where documents come one after the other. */
export type BagResult<D extends BagDocuments, T> = D extends Iterable<BagDocument> ? T : Promise<T>;

/**
 * A vectorizer for texts, not fitted yet.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function bagOfNgramsVectorizer(options: Partial<BagVectorizerOptions> = {}): BagVectorizer {
  const bound = parseOptions(bagVectorizerOptions, options, owner);
  checkOptions(bound, owner);
  return new BagVectorizer(bound);
}

/** A fitted vectorizer from what `toJSON` gave. It can't be fitted further. @throws UnrolledError `MODEL_CORRUPT` */
export function restoreBagOfNgrams(data: unknown): BagVectorizer {
  if (typeof data !== 'object' || data === null) throw corrupt(`it is ${describe(data)}, not an object`);
  const { options, model } = data as { readonly options?: unknown; readonly model?: unknown };
  let bound: BagVectorizerOptions;
  try {
    bound = parseOptions(bagVectorizerOptions, options, owner);
    checkOptions(bound, owner);
  } catch (error) {
    throw corrupt(`its options are wrong: ${(error as Error).message}`);
  }
  return new BagVectorizer(bound, modelFrom(model, bound));
}

/**
 * Counts n-grams of texts: fit it on a corpus, then turn documents into sparse rows. Made by {@link bagOfNgramsVectorizer}. A
 * document is a text, or a list of tokens that are counted as they are. Documents may be an iterable, which gives a result
 * at once, or an async iterable, which gives a promise.
 */
export class BagVectorizer {
  /** All options. */
  readonly options: BagVectorizerOptions;
  #counts: BagCounts | undefined;
  #model: BagModel | undefined;

  /** @internal */
  constructor(options: BagVectorizerOptions, model?: BagModel) {
    this.options = options;
    this.#model = model;
  }

  /** Forgets what it knows and counts `documents`. @throws UnrolledError `DATA_EMPTY`, `VOCABULARY_EMPTY`, `DOCUMENT_INVALID` */
  fit<D extends BagDocuments>(documents: D): BagResult<D, this> {
    const counts = countsFor(this.options, false);
    return forEachDocument(documents, counts.add, () => {
      this.#model = counts.build();
      this.#counts = counts;
      return this;
    });
  }

  /** Counts more documents: parts give what one pass over all of them gives. @throws UnrolledError `NOT_RESUMABLE`, `DOCUMENT_INVALID` */
  partialFit<D extends BagDocuments>(documents: D): BagResult<D, this> {
    const counts = this.#counting();
    return forEachDocument(documents, counts.add, () => this);
  }

  /** Adds what another has counted with the same options: the same as one pass over both. @throws UnrolledError `FITTER_MISMATCH`, `NOT_RESUMABLE` */
  merge(other: BagVectorizer): this {
    const theirs = other.#counting();
    this.#counting().merge(theirs);
    return this;
  }

  /** A row for each document. @throws UnrolledError `NOT_FITTED`, `DOCUMENT_INVALID` */
  transform<D extends BagDocuments>(documents: D): BagResult<D, Bags> {
    const model = this.#fitted();
    const builder = new BagsBuilder();
    return forEachDocument(
      documents,
      (document) => builder.push(model.rowOf(document)),
      () => builder.build(model.columns),
    );
  }

  /** `fit` and `transform` of the same documents, which are read once. @throws UnrolledError as both */
  fitTransform<D extends BagDocuments>(documents: D): BagResult<D, Bags> {
    const counts = countsFor(this.options, true);
    return forEachDocument(documents, counts.add, () => {
      const { model, bags } = counts.buildWithRows();
      this.#counts = counts;
      this.#model = model;
      return bags;
    });
  }

  /** How many columns there are. @throws UnrolledError `NOT_FITTED` */
  get columns(): number {
    return this.#fitted().columns;
  }

  /** The n-grams in the order of their columns. @throws UnrolledError `NOT_FITTED`; `NAMES_UNKNOWN` where columns are hashed */
  get featureNames(): readonly string[] {
    const model = this.#fitted();
    if (model instanceof VocabularyModel) return model.names;
    throw new UnrolledError('NAMES_UNKNOWN', 'Hashed columns have no list of names.', {
      mend: 'Ask namesOf(column), after fitting with "rememberedNames".',
    });
  }

  /**
   * The n-grams that are known to count in a column: one, or for hashed columns those that are remembered.
   * @throws UnrolledError `NOT_FITTED`, `COLUMN_INVALID`
   */
  namesOf(column: number): readonly string[] {
    const model = this.#fitted();
    if (Number.isInteger(column) && column >= 0 && column < model.columns) return model.namesOf(column);
    throw new UnrolledError('COLUMN_INVALID', `There is no column ${column}: they are 0 to ${model.columns - 1}.`, {
      mend: 'Give one of those.',
    });
  }

  /** ln((1 + n) ÷ (1 + df)) + 1 of each column; undefined without tf-idf. @throws UnrolledError `NOT_FITTED` */
  get inverseDocumentFrequencies(): Float64Array | undefined {
    return this.#fitted().inverseDocumentFrequencies?.slice();
  }

  /**
   * For each row the n-grams of its columns that are not 0, in the order of the columns.
   * @throws UnrolledError `NOT_FITTED`, `MATRIX_MISMATCH`; `NAMES_UNKNOWN` where columns are hashed and nothing is remembered
   */
  inverseTransform({ shape, indptr, indices, values }: SparseMatrix): readonly (readonly string[])[] {
    const model = this.#fitted();
    const [rows, columns] = shape;
    if (columns !== model.columns)
      throw new UnrolledError(
        'MATRIX_MISMATCH',
        `The matrix has ${counted(columns, 'column')}, but the vectorizer has ${model.columns}.`,
        { mend: 'Give a matrix that this vectorizer made, fitted as it is now.' },
      );
    if (this.options.features === 'hashing' && this.options.rememberedNames === 0)
      throw new UnrolledError('NAMES_UNKNOWN', 'Hashed columns are not remembered.', {
        mend: 'Fit with "rememberedNames".',
      });
    return Array.from({ length: rows }, (_, row) => {
      const names: string[] = [];
      for (let at = indptr[row] as number; at < (indptr[row + 1] as number); at++)
        if (values[at] !== 0) names.push(...model.namesOf(indices[at] as number));
      return names;
    });
  }

  /** What was kept of the corpus and what the limits cost. @throws UnrolledError `NOT_FITTED` */
  report(): Readonly<Record<string, number>> {
    return this.#fitted().report();
  }

  /** As plain data, for {@link restoreBagOfNgrams}. @throws UnrolledError `NOT_FITTED` */
  toJSON(): SavedBagVectorizer {
    return { options: this.options, model: this.#fitted().toJSON() };
  }

  /** Counts that can be added to. */
  #counting(): BagCounts {
    if (!this.#counts && this.#model)
      throw new UnrolledError(
        'NOT_RESUMABLE',
        'A vectorizer that was restored has what it learned, not what it counted.',
        {
          mend: 'Fit it anew, or keep the vectorizer that is fitted in parts.',
        },
      );
    this.#counts ??= countsFor(this.options, false);
    this.#model = undefined;
    return this.#counts;
  }

  #fitted(): BagModel {
    const { features, weight } = this.options;
    // A hash needs no corpus.
    const needsNone = features === 'hashing' && weight !== 'tf-idf';
    if (!this.#model && needsNone) this.#counts ??= countsFor(this.options, false);
    this.#model ??= this.#counts?.build();
    if (this.#model) return this.#model;
    throw new UnrolledError('NOT_FITTED', 'The vectorizer has seen no documents yet.', {
      mend: 'Call fit(documents) first.',
    });
  }
}

function countsFor(options: BagVectorizerOptions, keepRows: boolean): BagCounts {
  return options.features === 'hashing' ? new HashedCounts(options, keepRows) : new VocabularyCounts(options, keepRows);
}

/** Calls `use` for each document, then `finish`: at once, or when the last of an async iterable has come. */
function forEachDocument<D extends BagDocuments, T>(
  documents: D,
  use: (document: BagDocument) => void,
  finish: () => T,
): BagResult<D, T> {
  if (typeof documents === 'object' && documents !== null) {
    if (isIterable(documents)) {
      for (const document of documents) use(document);
      return finish() as BagResult<D, T>;
    }
    if (Symbol.asyncIterator in documents) return drain(documents, use, finish) as BagResult<D, T>;
  }
  throw new UnrolledError(
    'DATA_INVALID',
    `Documents must be a list or another iterable of texts, but ${describe(documents)} was given.`,
    {
      mend: 'A single text goes into a list: [text].',
    },
  );
}

function isIterable(documents: BagDocuments): documents is Iterable<BagDocument> {
  return Symbol.iterator in documents;
}

async function drain<T>(
  documents: AsyncIterable<BagDocument>,
  use: (document: BagDocument) => void,
  finish: () => T,
): Promise<T> {
  for await (const document of documents) use(document);
  return finish();
}
