// Sentences as numbers of their tokens, in the order in which they were met: small enough to keep a corpus.

/** A sentence's end among the numbers. */
const END = -1;

/** Keeps sentences that come one at a time. */
export class SentenceStore {
  readonly #numbers = new Map<string, number>();
  #entries = new Int32Array(1024);
  #count = 0;

  /** Adds a sentence. */
  add(tokens: readonly string[]): void {
    this.#reserve(tokens.length + 1);
    for (const token of tokens) this.#entries[this.#count++] = this.#numberOf(token);
    this.#entries[this.#count++] = END;
  }

  /** Adds the sentences of another. */
  merge(other: SentenceStore): void {
    const numbers = Int32Array.from(other.#numbers.keys(), (token) => this.#numberOf(token));
    const added = other.#entries.slice(0, other.#count);
    this.#reserve(added.length);
    for (const entry of added) this.#entries[this.#count++] = entry === END ? END : (numbers[entry] as number);
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
    this.#numbers.set(token, this.#numbers.size);
    return this.#numbers.size - 1;
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
