// Rows that are read one after the other. Memory grows with what comes, never by what a header claims.

import { fileInvalid } from './problem.ts';
import type { VectorFormat } from './read-options.ts';

/** Numbers that memory is had for before any has come, where it isn't known how many bytes will. */
const FIRST_NUMBERS = 1 << 18;

/** How many rows of numbers there may be. */
interface Expectation {
  /** Numbers in a row. */
  readonly size: number;
  /** At most so many rows will come. */
  readonly rows: number;
  /** At most so many bytes will come, where that is known; a number takes two of them at least. */
  readonly byteLength?: number | undefined;
}

/** A growing matrix. */
export class Rows {
  /** Row-major; at least {@link room} rows. */
  values: Float32Array<ArrayBuffer>;
  readonly #size: number;
  readonly #most: number;

  constructor({ size, rows, byteLength }: Expectation) {
    this.#size = size;
    this.#most = rows;
    const likely = byteLength === undefined ? FIRST_NUMBERS : byteLength / 2;
    this.values = new Float32Array(Math.min(rows, Math.floor(likely / size)) * size);
  }

  /** Makes room for row `row`, and gives where it begins in {@link values}. */
  room(row: number): number {
    const from = row * this.#size;
    if (from + this.#size > this.values.length) {
      const rows = Math.min(this.#most, Math.max(2 * row, row + 1));
      const larger = new Float32Array(Math.max(rows, row + 1) * this.#size);
      larger.set(this.values.subarray(0, from));
      this.values = larger;
    }
    return from;
  }

  /** The first `rows` rows, in memory of their own size. */
  take(rows: number): Float32Array<ArrayBuffer> {
    const length = rows * this.#size;
    return this.values.length === length ? this.values : this.values.slice(0, length);
  }
}

/** Words that are read, each once. */
export class Words {
  readonly words: string[] = [];
  readonly duplicates: string[] = [];
  readonly replaced: string[] = [];
  readonly #seen = new Set<string>();
  readonly #options: WordOptions;

  constructor(options: WordOptions) {
    this.#options = options;
  }

  /**
   * Takes a word in; false where it came before.
   * @param where - `line 3`. @throws UnrolledError `VECTOR_FILE_INVALID`, `WORD_REPEATED`, `WORD_NOT_UTF8`
   */
  add(bytes: Uint8Array, where: () => string): boolean {
    const word = this.decode(bytes, where);
    if (word === '') throw fileInvalid(this.#options.name, where(), 'there is no word before the numbers');
    this.#seen.add(word);
    if (this.#seen.size > this.words.length) {
      this.words.push(word);
      return true;
    }
    if (this.#options.duplicates === 'refuse')
      throw fileInvalid(
        this.#options.name,
        where(),
        `the word "${word}" comes again; it was word ${this.words.indexOf(word) + 1}`,
        'Read with duplicates: "first" to keep the first of each word.',
        'WORD_REPEATED',
      );
    this.duplicates.push(word);
    return false;
  }

  /** A word of bytes. @throws UnrolledError `WORD_NOT_UTF8` */
  decode(bytes: Uint8Array, where: () => string): string {
    try {
      return strict.decode(bytes);
    } catch {
      const word = lenient.decode(bytes);
      if (this.#options.invalidText === 'refuse')
        throw fileInvalid(
          this.#options.name,
          where(),
          `the word "${word}" is not UTF-8`,
          'Read with invalidText: "replace" to have U+FFFD in place of wrong bytes.',
          'WORD_NOT_UTF8',
        );
      this.replaced.push(word);
      return word;
    }
  }
}

/** What a reader of one format is told. */
export interface WordOptions {
  readonly format: VectorFormat;
  readonly name: string;
  readonly limit: number;
  readonly size: number | undefined;
  readonly invalidText: 'refuse' | 'replace';
  readonly duplicates: 'refuse' | 'first';
  readonly byteLength: number | undefined;
}

const strict = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });
