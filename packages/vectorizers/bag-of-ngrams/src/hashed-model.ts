// A bag with a column for each value of a hash: it needs no vocabulary, and so no memory for one.
import type { ColumnNames } from './column-names.ts';
import { HashSink } from './hash-sink.ts';
import type { BagDocument, BagModel } from './model.ts';
import type { BagVectorizerOptions } from './options.ts';
import { readerOf } from './reader.ts';
import { Row } from './row.ts';
import type { SavedHashing } from './saved.ts';
import { sortAscending } from './sort.ts';
import type { Reader } from './unit-sink.ts';
import { inverseDocumentFrequencies, type Weighing, weigh, weighingOf } from './weights.ts';
import { WordTable } from './word-table.ts';

/** Everything that a hashed model consists of besides its options. */
export interface HashedParts {
  /** Documents that were counted. */
  readonly documents: number;
  /** By column: documents that hold one of its n-grams; for tf-idf alone. */
  readonly frequencies: Int32Array | undefined;
  /** n-grams that are known by name. */
  readonly names: ColumnNames;
  /** Facts for the report. */
  readonly report: Readonly<Record<string, number>>;
}

/** Columns by the hash of their n-grams: MurmurHash3 x86_32 of UTF-8 with seed 0, |h| mod columns, as scikit-learn's. */
export class HashedModel implements BagModel {
  readonly columns: number;
  readonly inverseDocumentFrequencies: Float64Array | undefined;
  /** Turns counts into what the columns hold. */
  readonly weighing: Weighing;
  readonly #parts: HashedParts;
  readonly #read: Reader;
  readonly #sink: HashSink;
  readonly #row = new Row();

  constructor(parts: HashedParts, options: BagVectorizerOptions) {
    const { frequencies, documents } = parts;
    this.#parts = parts;
    this.columns = options.columns;
    this.#read = readerOf(options);
    this.#sink = hashSinkOf(options);
    this.inverseDocumentFrequencies = frequencies && inverseDocumentFrequencies(frequencies, documents, options.smooth);
    this.weighing = weighingOf(options);
  }

  readonly namesOf = (column: number): readonly string[] => this.#parts.names.namesOf(column);

  readonly rowOf = (document: BagDocument): Row => {
    this.#read(document, this.#sink);
    fill(this.#row, this.#sink);
    this.#sink.endDocument();
    weigh(this.#row, this.weighing, this.inverseDocumentFrequencies);
    return this.#row;
  };

  readonly report = (): Readonly<Record<string, number>> => this.#parts.report;

  readonly toJSON = (): SavedHashing => {
    const { documents, frequencies, names, report } = this.#parts;
    const counted: [column: number, documents: number][] = [];
    frequencies?.forEach((frequency, column) => {
      if (frequency > 0) counted.push([column, frequency]);
    });
    return { features: 'hashing', documents, frequencies: counted, names: names.entries(), report };
  };
}

/** A sink for documents, by the options. */
export function hashSinkOf(options: BagVectorizerOptions): HashSink {
  const { from, to, unit, profile, stopWords, columns, alternateSigns } = options;
  return new HashSink({
    from,
    to,
    shortRuns: unit === 'word-characters',
    columns,
    alternateSigns,
    between: unit === 'words' ? ' ' : '',
    stopWords: stopWords.length > 0 ? WordTable.of(stopWords) : undefined,
    reachOverStopWords: profile === 'scikit-learn',
  });
}

/** Adds up what one document has in each column. What adds up to 0 keeps its column. */
export function fill(row: Row, { keys, length }: HashSink): void {
  sortAscending(keys, length);
  row.reserve(length);
  const { columns, values } = row;
  let last = -1;
  let to = 0;
  for (let at = 0; at < length; at++) {
    const key = keys[at] as number;
    const column = key >>> 1;
    const value = (key & 1) === 1 ? -1 : 1;
    if (column === last) {
      values[to - 1] = (values[to - 1] as number) + value;
      continue;
    }
    last = column;
    columns[to] = column;
    values[to++] = value;
  }
  row.length = to;
  row.occurrences = length;
  row.unknown = 0;
}
