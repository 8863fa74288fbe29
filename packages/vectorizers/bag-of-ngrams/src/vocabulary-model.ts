// A bag with a column for each n-gram of a corpus.
import type { BagDocument, BagModel } from './model.ts';
import { type Known, NgramSink } from './ngram-sink.ts';
import { NgramTrie, ROOT } from './ngram-trie.ts';
import type { BagVectorizerOptions } from './options.ts';
import { readerOf } from './reader.ts';
import { Row } from './row.ts';
import type { SavedVocabulary } from './saved.ts';
import { sortColumns } from './sort.ts';
import type { Reader } from './unit-sink.ts';
import { inverseDocumentFrequencies, type Weighing, weighingOf } from './weights.ts';
import { WordTable } from './word-table.ts';

/** Everything that a model of a vocabulary consists of. n-grams come after those that they begin with. */
export interface VocabularyParts {
  /** Units by number. */
  readonly words: readonly string[];
  /** By n-gram: the n-gram without its last unit, −1 for a single unit. */
  readonly parents: Int32Array;
  /** By n-gram: number of the last unit. */
  readonly lasts: Int32Array;
  /** By n-gram: its column, −1 for those that only others begin with. */
  readonly columnOf: Int32Array;
  /** By column: documents that hold the n-gram. */
  readonly frequencies: Int32Array;
  /** Documents that were counted. */
  readonly documents: number;
  /** Facts for the report. */
  readonly report: Readonly<Record<string, number>>;
}

/** What turns documents into rows. */
interface LookUp {
  /** Knows all n-grams, by numbers of its own, and learns no others. */
  readonly sink: NgramSink;
  /** By its number of an n-gram: the inverse document frequency, for tf-idf. */
  readonly inverse: Float64Array | undefined;
  /** A place for each column. */
  readonly scratch: Float64Array;
}

/** Columns by code point of their n-grams. */
export class VocabularyModel implements BagModel {
  readonly columns: number;
  readonly inverseDocumentFrequencies: Float64Array | undefined;
  /** Turns counts into what the columns hold. */
  readonly weighing: Weighing;
  readonly #parts: VocabularyParts;
  readonly #options: BagVectorizerOptions;
  readonly #read: Reader;
  readonly #row = new Row();
  /** By column: the n-gram. */
  readonly #nodes: Int32Array;
  #lookUp: LookUp | undefined;
  #names: readonly string[] | undefined;

  constructor(parts: VocabularyParts, options: BagVectorizerOptions) {
    const { columnOf, frequencies, documents } = parts;
    this.#parts = parts;
    this.#options = options;
    this.#read = readerOf(options);
    this.columns = frequencies.length;
    this.#nodes = new Int32Array(this.columns);
    columnOf.forEach((column, node) => {
      if (column >= 0) this.#nodes[column] = node;
    });
    this.inverseDocumentFrequencies =
      options.weight === 'tf-idf' ? inverseDocumentFrequencies(frequencies, documents, options.smooth) : undefined;
    this.weighing = weighingOf(options);
  }

  /** The n-grams in the order of their columns: units joined by a space, characters by nothing. */
  get names(): readonly string[] {
    this.#names ??= this.#allNames();
    return this.#names;
  }

  readonly namesOf = (column: number): readonly string[] => [this.names[column] as string];

  readonly rowOf = (document: BagDocument): Row => {
    this.#lookUp ??= this.#makeLookUp();
    const { sink, inverse, scratch } = this.#lookUp;
    const { term, normalise } = this.weighing;
    const row = this.#row;
    this.#read(document, sink);
    row.reserve(sink.length);
    const { columns, values } = row;
    let length = 0;
    let known = 0;
    for (let at = 0; at < sink.length; at++) {
      const node = sink.nodes[at] as number;
      const column = sink.columnOf(node);
      if (column < 0) continue;
      const count = sink.tallyOf(node);
      columns[length] = column;
      values[length++] = inverse ? term(count) * (inverse[node] as number) : term(count);
      known += count;
    }
    sortColumns(columns, values, length, scratch);
    row.length = length;
    row.occurrences = sink.occurrences;
    row.unknown = sink.occurrences - known;
    sink.endDocument();
    normalise(values, length);
    return row;
  };

  readonly report = (): Readonly<Record<string, number>> => this.#parts.report;

  readonly toJSON = (): SavedVocabulary => {
    const { words, frequencies, documents, report } = this.#parts;
    const ngrams = Array.from(this.#nodes, (node) => this.#unitsOf(node));
    return { features: 'vocabulary', documents, words, ngrams, frequencies: Array.from(frequencies), report };
  };

  /** Everything that rows are made with, the commonest n-grams side by side, since they are looked up most. */
  #makeLookUp(): LookUp {
    const { words, frequencies } = this.#parts;
    const columns = byFrequency(frequencies);
    const numbers = new Int32Array(words.length).fill(-1);
    const usual: string[] = [];
    const trie = new NgramTrie();
    const columnOf: number[] = [];
    for (const column of columns) {
      let node = ROOT;
      for (const unit of this.#unitsOf(this.#nodes[column] as number)) {
        if (numbers[unit] === -1) numbers[unit] = usual.push(words[unit] as string) - 1;
        node = trie.intern(node, numbers[unit] as number);
        if (node === columnOf.length) columnOf.push(-1);
      }
      columnOf[node] = column;
    }
    const sink = sinkOf({ words: WordTable.of(usual), trie, learns: false }, this.#options);
    columnOf.forEach((column, node) => {
      sink.setColumn(node, column);
    });
    const all = this.inverseDocumentFrequencies;
    const inverse = all && Float64Array.from(columnOf, (column) => all[column] ?? 0);
    return { sink, inverse, scratch: new Float64Array(this.columns) };
  }

  #unitsOf(node: number): readonly number[] {
    const { parents, lasts } = this.#parts;
    const units: number[] = [];
    for (let at = node; at !== ROOT; at = parents[at] as number) units.push(lasts[at] as number);
    return units.reverse();
  }

  #allNames(): readonly string[] {
    const { words, parents, lasts } = this.#parts;
    const between = this.#options.unit === 'words' ? ' ' : '';
    const names: string[] = [];
    parents.forEach((parent, node) => {
      const last = words[lasts[node] as number] as string;
      names.push(parent === ROOT ? last : `${names[parent]}${between}${last}`);
    });
    return Array.from(this.#nodes, (node) => names[node] as string);
  }
}

/** All columns, those of the commonest n-grams first. */
function byFrequency(frequencies: Int32Array): Int32Array {
  const greatest = frequencies.reduce((most, frequency) => Math.max(most, frequency), 0);
  const starts = new Int32Array(greatest + 2);
  for (const frequency of frequencies)
    starts[greatest - frequency + 1] = (starts[greatest - frequency + 1] as number) + 1;
  for (let at = 0; at <= greatest; at++) starts[at + 1] = (starts[at + 1] as number) + (starts[at] as number);
  const columns = new Int32Array(frequencies.length);
  frequencies.forEach((frequency, column) => {
    const place = starts[greatest - frequency] as number;
    columns[place] = column;
    starts[greatest - frequency] = place + 1;
  });
  return columns;
}

/** A sink for documents, by the options. */
export function sinkOf(known: Known, { from, to, unit, profile, stopWords }: BagVectorizerOptions): NgramSink {
  const stopped = stopWords.length > 0 ? WordTable.of(stopWords) : undefined;
  const range = { from, to, shortRuns: unit === 'word-characters' };
  return new NgramSink(known, range, stopped, profile === 'scikit-learn');
}
