// Counts the n-grams of one document at a time: units become numbers, and every n-gram is a walk in a trie.
import { grown } from './grow.ts';
import { type NgramTrie, NOWHERE, ROOT } from './ngram-trie.ts';
import type { UnitSink } from './unit-sink.ts';
import type { WordTable } from './word-table.ts';

/** Which n-grams there are. */
export interface NgramRange {
  /** Least number of units. */
  readonly from: number;
  /** Greatest number of units. */
  readonly to: number;
  /** Whether a run of fewer than `from` units is an n-gram itself. */
  readonly shortRuns: boolean;
}

/** What {@link NgramSink} knows of units and n-grams beforehand, and whether it learns new ones. */
export interface Known {
  /** Units and their numbers. */
  readonly words: WordTable;
  /** n-grams of those. */
  readonly trie: NgramTrie;
  /** Takes in what is not known yet; else it is passed over, and counted as an occurrence. */
  readonly learns: boolean;
}

/** Units that wait for those that follow them; many times the longest n-gram. */
const WAITING = 1 << 15;
const UNKNOWN = -1;

/** Takes in units and counts n-grams, until {@link endDocument}. */
export class NgramSink implements UnitSink {
  /** The different n-grams of this document, in the order in which they were met; {@link length} of them. */
  nodes: Int32Array<ArrayBuffer> = new Int32Array(1 << 8);
  /** How many there are. */
  length = 0;
  /** n-grams of this document, each as often as it stands there, unknown ones too. */
  occurrences = 0;
  readonly #known: Known;
  readonly #range: NgramRange;
  /** Units that are in no n-gram. */
  readonly #stopWords: WordTable | undefined;
  readonly #reachOverStopWords: boolean;
  readonly #run = new Int32Array(WAITING);
  #runLength = 0;
  /** Whether units of this run have left already, so that it is not a short one. */
  #continued = false;
  /**
   * Four numbers for each n-gram side by side, since memory is what counting waits for: the document that it was last met in, and
   * how often there. Where new n-grams are learned: in how many documents, and how often in all (unsigned, so up to
   * 4,294,967,295); else the column, and nothing.
   */
  #tallies = new Int32Array(1 << 10);
  #document = 1;

  constructor(known: Known, range: NgramRange, stopWords: WordTable | undefined, reachOverStopWords: boolean) {
    this.#known = known;
    this.#range = range;
    this.#stopWords = stopWords;
    this.#reachOverStopWords = reachOverStopWords;
  }

  unit(units: Uint16Array, length: number, hash: number): void {
    if (this.#stopWords !== undefined && this.#stopWords.find(units, length, hash) >= 0) {
      if (!this.#reachOverStopWords) this.endRun();
      return;
    }
    const { words, learns } = this.#known;
    if (this.#runLength === WAITING) this.#makeRoom();
    this.#run[this.#runLength++] = learns ? words.intern(units, length, hash) : words.find(units, length, hash);
  }

  endRun(): void {
    const length = this.#runLength;
    if (length > 0) {
      const { from, shortRuns } = this.#range;
      if (shortRuns && length < from && !this.#continued) this.#walk(1, length, length);
      else this.#walk(length, from, this.#range.to);
    }
    this.#runLength = 0;
    this.#continued = false;
  }

  /** How often the n-gram stands in this document. */
  tallyOf(node: number): number {
    return this.#tallies[4 * node + 1] as number;
  }

  /** How many documents have held the n-gram. */
  frequencyOf(node: number): number {
    return this.#tallies[4 * node + 2] ?? 0;
  }

  /** How often the n-gram has stood in all documents. */
  countOf(node: number): number {
    return (this.#tallies[4 * node + 3] ?? 0) >>> 0;
  }

  /** Adds documents and occurrences that were counted elsewhere. */
  addCounted(node: number, frequency: number, count: number): void {
    const place = this.#placeOf(node);
    this.#tallies[place] = (this.#tallies[place] as number) + frequency;
    this.#tallies[place + 1] = (this.#tallies[place + 1] as number) + count;
  }

  /** The column that was set, where n-grams are not learned. */
  columnOf(node: number): number {
    return this.#tallies[4 * node + 2] as number;
  }

  /** Sets the column of an n-gram, where they are not learned. */
  setColumn(node: number, column: number): void {
    const place = this.#placeOf(node);
    this.#tallies[place] = column;
  }

  /** Where the last two numbers of an n-gram stand. */
  #placeOf(node: number): number {
    if (4 * node >= this.#tallies.length) this.#tallies = grown(this.#tallies, 4 * node + 4);
    return 4 * node + 2;
  }

  /** Forgets this document, so that the next one may come. */
  endDocument(): void {
    this.length = 0;
    this.occurrences = 0;
    this.#document++;
  }

  /** Counts the n-grams that begin at units whose followers are all there, and keeps the other units. */
  #makeRoom(): void {
    const { from, to } = this.#range;
    const kept = to - 1;
    this.#walk(WAITING - kept, from, to);
    this.#run.copyWithin(0, WAITING - kept);
    this.#runLength = kept;
    this.#continued = true;
  }

  /** Counts the n-grams of `from` to `to` units that begin at the first `starts` units of the run. */
  #walk(starts: number, from: number, to: number): void {
    const run = this.#run;
    const end = this.#runLength;
    const { trie, learns } = this.#known;
    const document = this.#document;
    let tallies = this.#tallies;
    for (let start = 0; start < starts; start++) {
      const last = Math.min(start + to, end);
      const first = start + from - 1;
      if (first >= last) break;
      this.occurrences += last - first;
      let node = ROOT;
      for (let at = start; at < last; at++) {
        const unit = run[at] as number;
        if (unit === UNKNOWN) break;
        node = learns ? trie.intern(node, unit) : trie.find(node, unit);
        if (node === NOWHERE) break;
        if (at < first) continue;
        const place = 4 * node;
        if (place >= tallies.length) {
          tallies = grown(tallies, place + 4);
          this.#tallies = tallies;
        }
        if (learns) tallies[place + 3] = (tallies[place + 3] as number) + 1;
        if (tallies[place] === document) tallies[place + 1] = (tallies[place + 1] as number) + 1;
        else {
          tallies[place] = document;
          tallies[place + 1] = 1;
          if (learns) tallies[place + 2] = (tallies[place + 2] as number) + 1;
          if (this.length === this.nodes.length) this.nodes = grown(this.nodes, this.length + 1);
          this.nodes[this.length++] = node;
        }
      }
    }
  }
}
