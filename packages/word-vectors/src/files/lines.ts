// Lines of bytes.
import type { ByteReader } from './byte-reader.ts';
import { fileInvalid } from './problem.ts';

/** Longest line that is held, in bytes: more than a million numbers. */
const LONGEST = 1 << 24;
const NEWLINE = 0x0a;

/** Where a line lies in the reader's bytes, without its end. */
export interface Line {
  readonly from: number;
  readonly to: number;
}

/** Lines of a reader, by `\n` or `\r\n`. */
export class Lines {
  /** How many were read. */
  number = 0;
  readonly #reader: ByteReader;
  readonly #name: string;

  constructor(reader: ByteReader, name: string) {
    this.#reader = reader;
    this.#name = name;
  }

  /** `line 3`, the one that was read last. */
  readonly where = (): string => `line ${this.number}`;

  /** The next line where all of it is held, else undefined. */
  nextHeld(): Line | undefined {
    const { bytes, start, end } = this.#reader;
    const newline = bytes.indexOf(NEWLINE, start);
    return newline < 0 || newline >= end ? undefined : this.#take(newline, newline + 1);
  }

  /** The next line; undefined at the end. The last one needs no newline. @throws UnrolledError `VECTOR_FILE_INVALID` */
  async next(): Promise<Line | undefined> {
    const reader = this.#reader;
    let looked = 0;
    for (;;) {
      const newline = reader.bytes.indexOf(NEWLINE, reader.start + looked);
      if (newline >= 0 && newline < reader.end) return this.#take(newline, newline + 1);
      looked = reader.held;
      if (looked > LONGEST)
        throw fileInvalid(
          this.#name,
          `line ${this.number + 1}`,
          `it is longer than ${LONGEST} bytes`,
          'These are no vectors as text.',
        );
      if (!(await reader.more())) return reader.held > 0 ? this.#take(reader.end, reader.end) : undefined;
    }
  }

  #take(to: number, next: number): Line {
    const { bytes, start } = this.#reader;
    this.#reader.start = next;
    this.number += 1;
    return { from: start, to: to > start && bytes[to - 1] === 0x0d ? to - 1 : to };
  }
}
