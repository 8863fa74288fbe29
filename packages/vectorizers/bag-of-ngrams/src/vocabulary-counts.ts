// Counts the n-grams of a corpus, document by document, and becomes a model with a column for each of them.
import { UnrolledError } from '@unrolled/core';
import { grown } from './grow.ts';
import { mismatch, sameOptions } from './mismatch.ts';
import type { BagCounts, BagDocument } from './model.ts';
import type { NgramSink } from './ngram-sink.ts';
import { NgramTrie, ROOT } from './ngram-trie.ts';
import type { BagVectorizerOptions } from './options.ts';
import { inOrder } from './order.ts';
import { readerOf } from './reader.ts';
import { type Bags, BagsBuilder, Row } from './row.ts';
import { select } from './select.ts';
import { sortColumns } from './sort.ts';
import type { Reader } from './unit-sink.ts';
import { sinkOf, VocabularyModel } from './vocabulary-model.ts';
import { weigh } from './weights.ts';
import { spell, WordTable } from './word-table.ts';

/** What each document held, as it was counted: numbers of n-grams and how often each stood there. */
interface Rows {
  ends: number[];
  nodes: Int32Array<ArrayBuffer>;
  tallies: Int32Array<ArrayBuffer>;
}

/** n-grams with the documents that hold them. */
export class VocabularyCounts implements BagCounts<VocabularyModel> {
  readonly #options: BagVectorizerOptions;
  readonly #words = new WordTable();
  readonly #trie = new NgramTrie();
  readonly #sink: NgramSink;
  readonly #read: Reader;
  #rows: Rows | undefined;
  #documents = 0;
  #emptyDocuments = 0;

  /** @param keepRows - keeps what each document held, for `buildWithRows`. */
  constructor(options: BagVectorizerOptions, keepRows = false) {
    this.#options = options;
    this.#sink = sinkOf({ words: this.#words, trie: this.#trie, learns: true }, options);
    this.#read = readerOf(options);
    this.#rows = keepRows ? { ends: [], nodes: new Int32Array(1 << 12), tallies: new Int32Array(1 << 12) } : undefined;
  }

  readonly add = (document: BagDocument): void => {
    const sink = this.#sink;
    this.#read(document, sink);
    if (this.#rows) keepRow(this.#rows, sink);
    this.#documents++;
    if (sink.length === 0) this.#emptyDocuments++;
    sink.endDocument();
  };

  readonly merge = (other: BagCounts): void => {
    if (!(other instanceof VocabularyCounts) || !sameOptions(this.#options, other.#options)) throw mismatch();
    const words = this.#wordsOf(other);
    // All of what another holds is there before anything is added, so that adding something to itself is right too.
    const { parents, lasts, size } = other.#trie;
    const nodes = new Int32Array(size);
    for (let node = 0; node < size; node++) {
      const parent = parents[node] as number;
      const last = words[lasts[node] as number] as number;
      nodes[node] = this.#trie.intern(parent === ROOT ? ROOT : (nodes[parent] as number), last);
    }
    for (let from = 0; from < size; from++)
      this.#sink.addCounted(nodes[from] as number, other.#sink.frequencyOf(from), other.#sink.countOf(from));
    this.#documents += other.#documents;
    this.#emptyDocuments += other.#emptyDocuments;
  };

  readonly build = (): VocabularyModel => this.#fit().model;

  readonly buildWithRows = (): { readonly model: VocabularyModel; readonly bags: Bags } => {
    const { model, columnOf } = this.#fit();
    const bags = bagsOf(this.#rows as Rows, columnOf, model);
    this.#rows = undefined;
    return { model, bags };
  };

  #fit(): { readonly model: VocabularyModel; readonly columnOf: Int32Array } {
    this.#checkCorpus();
    const trie = this.#trie;
    const { order, ranks } = inOrder(trie, this.#words);
    const documents = this.#documents;
    const { kept, report } = select(this.#sink, order, documents, this.#options);
    const needed = withBeginnings(kept, trie);
    const words = compact(order, needed, trie, ranks);
    const size = order.reduce((sum, node) => sum + (needed[node] as number), 0);
    const [parents, lasts] = [new Int32Array(size), new Int32Array(size)];
    const ownColumns = new Int32Array(size).fill(-1);
    const frequencies = new Int32Array(report.ngrams);
    const columnOf = new Int32Array(trie.size).fill(-1);
    const renumbered = new Int32Array(trie.size);
    let next = 0;
    let column = 0;
    for (const node of order) {
      if (needed[node] === 0) continue;
      const parent = trie.parents[node] as number;
      renumbered[node] = next;
      parents[next] = parent === ROOT ? ROOT : (renumbered[parent] as number);
      lasts[next] = words.numbers[trie.lasts[node] as number] as number;
      if (kept[node] === 1) {
        ownColumns[next] = column;
        columnOf[node] = column;
        frequencies[column++] = this.#sink.frequencyOf(node);
      }
      next++;
    }
    const texts = Array.from(words.used, (word) => this.#words.textOf(word));
    const facts = { documents, emptyDocuments: this.#emptyDocuments, ...report, unknownRate: unknownRate(report) };
    const model = new VocabularyModel(
      { words: texts, parents, lasts, columnOf: ownColumns, frequencies, documents, report: facts },
      this.#options,
    );
    return { model, columnOf };
  }

  #checkCorpus(): void {
    if (this.#trie.size > 0) return;
    const documents = this.#documents;
    if (documents === 0)
      throw new UnrolledError('DATA_EMPTY', 'There is no document to count n-grams of.', {
        mend: 'Give at least one. An iterator that can be read once may have been read already.',
      });
    throw new UnrolledError(
      'DATA_EMPTY',
      `None of ${documents} documents has an n-gram of ${this.#options.from} units or more.`,
      {
        mend: 'Look at the documents, the stop words and the size of n-grams.',
      },
    );
  }

  /** By number of a unit of `other`: its number here. */
  #wordsOf(other: VocabularyCounts): Int32Array {
    let buffer = new Uint16Array(64);
    return Int32Array.from({ length: other.#words.size }, (_, word) => {
      const text = other.#words.textOf(word);
      const { units, hash } = spell(text, buffer);
      buffer = units;
      return this.#words.intern(units, text.length, hash);
    });
  }
}

function keepRow(rows: Rows, sink: NgramSink): void {
  const start = rows.ends.at(-1) ?? 0;
  const end = start + sink.length;
  if (end > rows.nodes.length) {
    rows.nodes = grown(rows.nodes, end);
    rows.tallies = grown(rows.tallies, end);
  }
  const { nodes, tallies } = rows;
  for (let at = 0; at < sink.length; at++) {
    const node = sink.nodes[at] as number;
    nodes[start + at] = node;
    tallies[start + at] = sink.tallyOf(node);
  }
  rows.ends.push(end);
}

function bagsOf(rows: Rows, columnOf: Int32Array, model: VocabularyModel): Bags {
  const builder = new BagsBuilder();
  const row = new Row();
  const scratch = new Float64Array(model.columns);
  const { nodes, tallies } = rows;
  let start = 0;
  for (const end of rows.ends) {
    row.reserve(end - start);
    const { columns, values } = row;
    let length = 0;
    let occurrences = 0;
    let unknown = 0;
    for (let at = start; at < end; at++) {
      const column = columnOf[nodes[at] as number] as number;
      const tally = tallies[at] as number;
      occurrences += tally;
      if (column < 0) unknown += tally;
      else {
        columns[length] = column;
        values[length++] = tally;
      }
    }
    sortColumns(columns, values, length, scratch);
    row.length = length;
    row.occurrences = occurrences;
    row.unknown = unknown;
    weigh(row, model.weighing, model.inverseDocumentFrequencies);
    builder.push(row);
    start = end;
  }
  return builder.build(model.columns);
}

/** Those that are kept and all that they begin with. */
function withBeginnings(kept: Uint8Array, { parents }: NgramTrie): Uint8Array {
  const needed = kept.slice();
  for (let node = needed.length - 1; node >= 0; node--) {
    const parent = parents[node] as number;
    if (needed[node] === 1 && parent !== ROOT) needed[parent] = 1;
  }
  return needed;
}

/** The units of the n-grams that are needed, in order, and the new number of each. */
function compact(order: Int32Array, needed: Uint8Array, { lasts }: NgramTrie, ranks: Int32Array) {
  const byRank = new Int32Array(ranks.length).fill(-1);
  for (const node of order) {
    const word = lasts[node] as number;
    if (needed[node] === 1) byRank[ranks[word] as number] = word;
  }
  const used = byRank.filter((word) => word >= 0);
  const numbers = new Int32Array(ranks.length);
  used.forEach((word, number) => {
    numbers[word] = number;
  });
  return { used, numbers };
}

function unknownRate(report: Readonly<Record<string, number>>): number {
  const {
    occurrences = 0,
    occurrencesBelowMinimum = 0,
    occurrencesAboveMaximum = 0,
    occurrencesBeyondSize = 0,
  } = report;
  const lost = occurrencesBelowMinimum + occurrencesAboveMaximum + occurrencesBeyondSize;
  return lost / (occurrences + lost);
}
