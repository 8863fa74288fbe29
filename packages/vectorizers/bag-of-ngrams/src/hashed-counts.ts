// Counts, for hashed bags, what tf-idf and names need: the documents of each column, and some n-grams.
import { UnrolledError } from '@unrolled/core';
import { ColumnNames } from './column-names.ts';
import type { HashSink } from './hash-sink.ts';
import { fill, HashedModel, hashSinkOf } from './hashed-model.ts';
import { mismatch, sameOptions } from './mismatch.ts';
import type { BagCounts, BagDocument } from './model.ts';
import type { BagVectorizerOptions } from './options.ts';
import { readerOf } from './reader.ts';
import { type Bags, BagsBuilder, Row } from './row.ts';
import type { Reader } from './unit-sink.ts';
import { weigh } from './weights.ts';

/** Hashed columns with the documents that hold something of theirs. */
export class HashedCounts implements BagCounts<HashedModel> {
  readonly #options: BagVectorizerOptions;
  readonly #read: Reader;
  readonly #sink: HashSink;
  readonly #row = new Row();
  readonly #names: ColumnNames;
  readonly #frequencies: Int32Array | undefined;
  #rows: BagsBuilder | undefined;
  #documents = 0;
  #emptyDocuments = 0;
  #occurrences = 0;

  /** @param keepRows - keeps the row of each document, for `buildWithRows`. */
  constructor(options: BagVectorizerOptions, keepRows = false) {
    this.#options = options;
    this.#rows = keepRows ? new BagsBuilder() : undefined;
    this.#read = readerOf(options);
    this.#sink = hashSinkOf(options);
    this.#names = new ColumnNames(options.rememberedNames);
    if (options.rememberedNames > 0) this.#sink.listener = this.#names.addBytes;
    this.#frequencies = options.weight === 'tf-idf' ? new Int32Array(options.columns) : undefined;
  }

  readonly add = (document: BagDocument): void => {
    this.#read(document, this.#sink);
    const row = this.#row;
    fill(row, this.#sink);
    this.#sink.endDocument();
    const frequencies = this.#frequencies;
    if (frequencies)
      for (let at = 0; at < row.length; at++) {
        const column = row.columns[at] as number;
        frequencies[column] = (frequencies[column] as number) + 1;
      }
    this.#rows?.push(row);
    this.#documents++;
    this.#occurrences += row.occurrences;
    if (row.length === 0) this.#emptyDocuments++;
  };

  readonly merge = (other: BagCounts): void => {
    if (!(other instanceof HashedCounts) || !sameOptions(this.#options, other.#options)) throw mismatch();
    other.#frequencies?.forEach((frequency, column) => {
      const frequencies = this.#frequencies as Int32Array;
      frequencies[column] = (frequencies[column] as number) + frequency;
    });
    this.#names.merge(other.#names);
    this.#documents += other.#documents;
    this.#occurrences += other.#occurrences;
    this.#emptyDocuments += other.#emptyDocuments;
  };

  readonly build = (): HashedModel => {
    const documents = this.#documents;
    if (documents === 0 && this.#frequencies)
      throw new UnrolledError('DATA_EMPTY', 'There is no document to count document frequencies of.', {
        mend: 'Give at least one, or take another weight than tf-idf.',
      });
    const names = new ColumnNames(this.#options.rememberedNames);
    names.merge(this.#names);
    const report = { documents, emptyDocuments: this.#emptyDocuments, occurrences: this.#occurrences };
    return new HashedModel({ documents, frequencies: this.#frequencies?.slice(), names, report }, this.#options);
  };

  readonly buildWithRows = (): { readonly model: HashedModel; readonly bags: Bags } => {
    const model = this.build();
    const bags = (this.#rows as BagsBuilder).build(model.columns);
    this.#rows = undefined;
    const { indptr, indices, values } = bags;
    for (let row = 0; row < bags.shape[0]; row++) {
      const [start, end] = [indptr[row] as number, indptr[row + 1] as number];
      const [columns, its] = [indices.subarray(start, end), values.subarray(start, end)];
      weigh({ columns, values: its, length: end - start }, model.weighing, model.inverseDocumentFrequencies);
    }
    return { model, bags };
  };
}
