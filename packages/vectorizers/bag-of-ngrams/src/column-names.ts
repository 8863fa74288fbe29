// Remembers which n-grams were met in hashed columns, up to a number of them, so that columns can be named.

/** n-grams by column, in the order in which they were met. */
export class ColumnNames {
  readonly #limit: number;
  readonly #byColumn = new Map<number, readonly string[]>();
  #size = 0;
  // A byte order mark is a character like any other here.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The n-grams of a column. */
  namesOf(column: number): readonly string[] {
    return this.#byColumn.get(column) ?? [];
  }

  /** Remembers an n-gram, unless it is known or there are too many. */
  add(column: number, name: string): void {
    if (this.#size >= this.#limit) return;
    const known = this.namesOf(column);
    if (known.includes(name)) return;
    this.#byColumn.set(column, [...known, name]);
    this.#size++;
  }

  /** The same for an n-gram in UTF-8. */
  readonly addBytes = (column: number, bytes: Uint8Array): void => {
    if (this.#size < this.#limit) this.add(column, this.#decoder.decode(bytes));
  };

  /** Remembers what another does. */
  merge(other: ColumnNames): void {
    for (const [column, names] of [...other.#byColumn]) for (const name of names) this.add(column, name);
  }

  /** All of them, by column. */
  entries(): (readonly [column: number, names: readonly string[]])[] {
    return [...this.#byColumn].sort(([a], [b]) => a - b);
  }
}
