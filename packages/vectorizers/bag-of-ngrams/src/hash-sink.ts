// Hashes the n-grams of one document at a time. The units of a run stand side by side in UTF-8, so that an n-gram is a stretch of bytes.
import { grown } from './grow.ts';
import { columnOf, murmur3 } from './murmur.ts';
import type { NgramRange } from './ngram-sink.ts';
import type { UnitSink } from './unit-sink.ts';
import type { WordTable } from './word-table.ts';

/** How n-grams become columns. */
export interface HashSettings extends NgramRange {
  /** How many columns there are. */
  readonly columns: number;
  /** Whether the sign of a hash is the sign of what is added. */
  readonly alternateSigns: boolean;
  /** What stands between two units. */
  readonly between: '' | ' ';
  /** Units that are in no n-gram. */
  readonly stopWords: WordTable | undefined;
  /** Whether n-grams reach over those. */
  readonly reachOverStopWords: boolean;
}

const SPACE = 0x20;
/** UTF-8 of U+FFFD, which stands for a lone surrogate. */
const REPLACEMENT = [0xef, 0xbf, 0xbd] as const;
/** Units that wait for those that follow them; many times the longest n-gram. */
const WAITING = 1 << 15;

/** Takes in units and hashes n-grams, until {@link endDocument}. */
export class HashSink implements UnitSink {
  /** For each n-gram of this document, as often as it stands there: twice its column, and 1 more where it is subtracted. */
  keys: Uint32Array<ArrayBuffer> = new Uint32Array(1 << 8);
  /** How many there are. */
  length = 0;
  /** Is told of each n-gram: its column and its UTF-8. */
  listener: ((column: number, text: Uint8Array) => void) | undefined;
  readonly #settings: HashSettings;
  #bytes = new Uint8Array(1 << 12);
  #size = 0;
  readonly #starts = new Int32Array(WAITING);
  readonly #ends = new Int32Array(WAITING);
  #runLength = 0;
  #continued = false;

  constructor(settings: HashSettings) {
    this.#settings = settings;
  }

  unit(units: Uint16Array, length: number, hash: number): void {
    const { stopWords, reachOverStopWords, between } = this.#settings;
    if (stopWords !== undefined && stopWords.find(units, length, hash) >= 0) {
      if (!reachOverStopWords) this.endRun();
      return;
    }
    if (this.#runLength === WAITING) this.#makeRoom();
    // A UTF-16 unit takes three bytes at most.
    if (this.#size + 3 * length + 1 > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#size + 3 * length + 1);
    if (between === ' ' && this.#runLength > 0) this.#bytes[this.#size++] = SPACE;
    this.#starts[this.#runLength] = this.#size;
    this.#size = writeUtf8(units, length, this.#bytes, this.#size);
    this.#ends[this.#runLength++] = this.#size;
  }

  endRun(): void {
    const length = this.#runLength;
    if (length > 0) {
      const { from, to, shortRuns } = this.#settings;
      if (shortRuns && length < from && !this.#continued) this.#hash(1, length, length);
      else this.#hash(length, from, to);
    }
    this.#runLength = 0;
    this.#size = 0;
    this.#continued = false;
  }

  /** Forgets this document, so that the next one may come. */
  endDocument(): void {
    this.length = 0;
  }

  /** Hashes the n-grams that begin at units whose followers are all there, and keeps the other units. */
  #makeRoom(): void {
    const { from, to } = this.#settings;
    const kept = to - 1;
    const gone = WAITING - kept;
    this.#hash(gone, from, to);
    const moved = kept > 0 ? (this.#starts[gone] as number) : this.#size;
    this.#bytes.copyWithin(0, moved, this.#size);
    for (let at = 0; at < kept; at++) {
      this.#starts[at] = (this.#starts[gone + at] as number) - moved;
      this.#ends[at] = (this.#ends[gone + at] as number) - moved;
    }
    this.#size -= moved;
    this.#runLength = kept;
    this.#continued = true;
  }

  /** Hashes the n-grams of `from` to `to` units that begin at the first `starts` units of the run. */
  #hash(starts: number, from: number, to: number): void {
    const end = this.#runLength;
    const { columns, alternateSigns } = this.#settings;
    for (let start = 0; start < starts; start++) {
      const last = Math.min(start + to, end);
      if (this.length + last - start > this.keys.length) this.keys = grown(this.keys, this.length + last - start);
      const begin = this.#starts[start] as number;
      for (let at = start + from - 1; at < last; at++) {
        const hash = murmur3(this.#bytes, begin, this.#ends[at] as number);
        const column = columnOf(hash, columns);
        this.keys[this.length++] = 2 * column + (alternateSigns && hash < 0 ? 1 : 0);
        if (this.listener) this.listener(column, this.#bytes.subarray(begin, this.#ends[at] as number));
      }
    }
  }
}

/** Writes UTF-16 as UTF-8 from `start` on. @returns where it ends */
function writeUtf8(units: Uint16Array, length: number, bytes: Uint8Array, start: number): number {
  let to = start;
  for (let at = 0; at < length; at++) {
    const unit = units[at] as number;
    if (unit < 0x80) bytes[to++] = unit;
    else if (unit < 0x800) {
      bytes[to++] = 0xc0 | (unit >> 6);
      bytes[to++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xd800 || unit >= 0xe000) {
      bytes[to++] = 0xe0 | (unit >> 12);
      bytes[to++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[to++] = 0x80 | (unit & 0x3f);
    } else {
      const next = at + 1 < length ? (units[at + 1] as number) : 0;
      if (unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
        const codePoint = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
        bytes[to++] = 0xf0 | (codePoint >> 18);
        bytes[to++] = 0x80 | ((codePoint >> 12) & 0x3f);
        bytes[to++] = 0x80 | ((codePoint >> 6) & 0x3f);
        bytes[to++] = 0x80 | (codePoint & 0x3f);
        at++;
      } else for (const byte of REPLACEMENT) bytes[to++] = byte;
    }
  }
  return to;
}
