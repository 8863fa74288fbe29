// Rows that are read one after the other. Memory grows with what comes, never by what a header claims.

import { fileInvalid } from './problem.ts';
import type { VectorFormat } from './read-options.ts';

/** Numbers that memory is had for before it is known how many bytes a row takes. */
const FIRST_NUMBERS = 1 << 18;
/** Least growth. */
const GROWTH = 1.25;
/** What an estimate may be short of. */
const MARGIN = 1.02;

/** How many rows of numbers there may be. */
interface Expectation {
  /** Numbers in a row. */
  readonly size: number;
  /** At most so many rows will come. */
  readonly rows: number;
  /** How many bytes will come, where that is known. */
  readonly byteLength?: number | undefined;
  /** Where the reading is, in bytes. */
  readonly reader: { readonly offset: number };
}

/** A growing matrix. */
export class Rows {
  /** Row-major; as many rows as there is room for. */
  values: Float32Array<ArrayBuffer> = new Float32Array(0);
  readonly #expected: Expectation;
  #begin = 0;

  constructor(expected: Expectation) {
    this.#expected = expected;
  }

  /** Makes room for row `row`, all of whose bytes have come, and gives where it begins in {@link values}. */
  room(row: number): number {
    const { size } = this.#expected;
    const from = row * size;
    if (from + size > this.values.length) {
      const larger = new Float32Array(Math.max(row + 1, this.#likelyRows(row)) * size);
      larger.set(this.values.subarray(0, from));
      this.values = larger;
    }
    return from;
  }

  /** How many rows there will be, by the bytes of the first ones. */
  #likelyRows(row: number): number {
    const { size, rows, byteLength, reader } = this.#expected;
    const { offset } = reader;
    if (row === 0) this.#begin = offset;
    if (row === 0) return Math.min(rows, Math.floor(FIRST_NUMBERS / size));
    const left = byteLength === undefined ? offset : Math.max(0, byteLength - offset);
    const more = (left * row) / (offset - this.#begin);
    return Math.min(rows, Math.ceil(Math.max(GROWTH * row, row + MARGIN * more)));
  }

  /** The first `rows` rows; what little was too much is kept rather than all copied. */
  take(rows: number): Float32Array<ArrayBuffer> {
    const length = rows * this.#expected.size;
    const isClose = this.values.length <= GROWTH * length;
    return isClose ? this.values.subarray(0, length) : this.values.slice(0, length);
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
