// Remembers which n-grams were met in hashed columns, up to a number of them, so that columns can be named.

/** n-grams by column, in the order in which they were met. */
export class ColumnNames {
  readonly #limit: number;
  /** All of them with their columns, in the order in which they were met. */
  readonly #columnOf = new Map<string, number>();
  readonly #byColumn = new Map<number, string[]>();
  // A byte order mark is a character like any other here.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The n-grams of a column. */
  namesOf(column: number): readonly string[] {
    return [...(this.#byColumn.get(column) ?? [])];
  }

  /** Remembers an n-gram, unless it is known or there are too many. */
  add(column: number, name: string): void {
    if (this.#columnOf.size >= this.#limit || this.#columnOf.has(name)) return;
    this.#columnOf.set(name, column);
    const names = this.#byColumn.get(column);
    if (names) names.push(name);
    else this.#byColumn.set(column, [name]);
  }

  /** The same for an n-gram in UTF-8. */
  readonly addBytes = (column: number, bytes: Uint8Array): void => {
    if (this.#columnOf.size < this.#limit) this.add(column, this.#decoder.decode(bytes));
  };

  /** Remembers what another does. */
  merge(other: ColumnNames): void {
    for (const [name, column] of [...other.#columnOf]) this.add(column, name);
  }

  /** All of them, by column. */
  entries(): (readonly [column: number, names: readonly string[]])[] {
    return [...this.#byColumn].sort(([a], [b]) => a - b);
  }
}
