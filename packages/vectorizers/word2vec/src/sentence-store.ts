// Sentences as numbers of their tokens, in the order in which they were met: small enough to keep a corpus. Counts the tokens.
import { UnrolledError } from '@unrolled/core';

/** A sentence's end among the numbers. */
const END = -1;

/** The largest number of entries that a Map of today's engines holds. */
const MOST_TOKENS = 2 ** 24;

/** Keeps sentences that come one at a time. */
export class SentenceStore {
  readonly #kept: number;
  readonly #numbers = new Map<string, number>();
  /** How often each token came, by its number. */
  readonly #counts: number[] = [];
  #entries = new Int32Array(1024);
  #count = 0;
  #whole = true;

  /** With more than `kept` tokens and ends of sentences it keeps none of them, and counts on. */
  constructor(kept = Number.POSITIVE_INFINITY) {
    this.#kept = kept;
  }

  /** Whether all sentences are kept. */
  get whole(): boolean {
    return this.#whole;
  }

  /** The tokens that were met, in the order in which they were numbered. */
  get tokens(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** How often each of {@link tokens} came. */
  get counts(): readonly number[] {
    return this.#counts;
  }

  /** Adds a sentence. @throws UnrolledError `VOCABULARY_FULL` */
  add(tokens: readonly string[]): void {
    if (this.#whole && this.#count + tokens.length >= this.#kept) this.#forget();
    if (this.#whole) this.#reserve(tokens.length + 1);
    for (const token of tokens) {
      const number = this.#numberOf(token);
      (this.#counts[number] as number)++;
      if (this.#whole) this.#entries[this.#count++] = number;
    }
    if (this.#whole) this.#entries[this.#count++] = END;
  }

  /** Adds the sentences of another. */
  merge(other: SentenceStore): void {
    const numbers = Int32Array.from(other.#numbers.keys(), (token) => this.#numberOf(token));
    for (const [number, count] of other.#counts.entries())
      this.#counts[numbers[number] as number] = (this.#counts[numbers[number] as number] as number) + count;
    const added = other.#entries.slice(0, other.#count);
    this.#reserve(added.length);
    for (const entry of added) this.#entries[this.#count++] = entry === END ? END : (numbers[entry] as number);
  }

  /** All entries, numbered as {@link tokens} are, with −1 after each sentence. They are handed over: the store keeps none. */
  take(): Int32Array {
    const entries = this.#entries.subarray(0, this.#count);
    this.#forget();
    return entries;
  }

  /** All entries with tokens numbered by `numberOf`, those without a number left out, and −1 after each sentence. */
  renumbered(numberOf: ReadonlyMap<string, number>): Int32Array {
    const numbers = Int32Array.from(this.#numbers.keys(), (token) => numberOf.get(token) ?? UNKNOWN);
    return this.#entries
      .subarray(0, this.#count)
      .map((entry) => (entry === END ? END : (numbers[entry] as number)))
      .filter((entry) => entry !== UNKNOWN);
  }

  #numberOf(token: string): number {
    const known = this.#numbers.get(token);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    if (number === MOST_TOKENS) throw full();
    this.#numbers.set(token, number);
    this.#counts.push(0);
    return number;
  }

  #forget(): void {
    this.#whole = false;
    this.#entries = new Int32Array(0);
    this.#count = 0;
  }

  #reserve(more: number): void {
    if (this.#count + more <= this.#entries.length) return;
    const larger = new Int32Array(Math.max(2 * this.#entries.length, this.#count + more));
    larger.set(this.#entries.subarray(0, this.#count));
    this.#entries = larger;
  }
}

/** Stands for a token without a number, until it is left out. */
const UNKNOWN = -2;

function full(): UnrolledError {
  return new UnrolledError('VOCABULARY_FULL', `More than ${MOST_TOKENS} different tokens can’t be counted.`, {
    mend: 'Give fewer different tokens: lower case, numbers as one token, or subwords.',
  });
}
