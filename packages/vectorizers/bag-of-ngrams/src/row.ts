// One row of a bag: its columns in ascending order and their values. Filled anew for each document.
import { grown } from './grow.ts';

/** A row that is used again and again. */
export class Row {
  /** {@link length} columns. */
  columns: Int32Array = new Int32Array(1 << 8);
  /** Their values. */
  values: Float64Array = new Float64Array(1 << 8);
  /** How many columns have a value. */
  length = 0;
  /** n-grams of the document, each as often as it stands there. */
  occurrences = 0;
  /** How many of them have no column. */
  unknown = 0;

  /** Makes room for so many columns, without keeping what is there. */
  reserve(length: number): void {
    if (length <= this.columns.length) return;
    this.columns = new Int32Array(2 * length);
    this.values = new Float64Array(2 * length);
  }
}

/** A sparse matrix in compressed rows (CSR), as SciPy's `csr_matrix` has it. */
export interface SparseMatrix {
  /** Rows and columns. */
  readonly shape: readonly [rows: number, columns: number];
  /** `[rows + 1]`: row r has the entries from `indptr[r]` to `indptr[r + 1]`. */
  readonly indptr: Int32Array;
  /** `[entries]`: their columns, ascending in each row. */
  readonly indices: Int32Array;
  /** `[entries]`: their values. */
  readonly values: Float64Array;
}

/** How much of the documents the columns cover. */
export interface Coverage {
  /** n-grams of all documents, each as often as it stands there. */
  readonly occurrences: number;
  /** How many of them have no column. */
  readonly unknown: number;
  /** Their share; 0 where there are no n-grams. */
  readonly unknownRate: number;
  /** Documents without any n-gram that has a column. */
  readonly emptyDocuments: number;
}

/** A row for each document, `[documents, columns]`, and how much of the documents the columns cover. */
export interface Bags extends SparseMatrix {
  /** How much of the documents the columns cover. */
  readonly coverage: Coverage;
}

/** Collects rows. */
export class BagsBuilder {
  #indptr = new Int32Array(1 << 8);
  #indices = new Int32Array(1 << 12);
  #values = new Float64Array(1 << 12);
  #rows = 0;
  #occurrences = 0;
  #unknown = 0;
  #empty = 0;

  /** Adds a copy of a row. */
  push({ columns, values, length, occurrences, unknown }: Row): void {
    const start = this.#indptr[this.#rows] as number;
    const end = start + length;
    if (end > this.#indices.length) {
      this.#indices = grown(this.#indices, end);
      this.#values = grown(this.#values, end);
    }
    const [allColumns, allValues] = [this.#indices, this.#values];
    for (let at = 0; at < length; at++) {
      allColumns[start + at] = columns[at] as number;
      allValues[start + at] = values[at] as number;
    }
    if (++this.#rows >= this.#indptr.length) this.#indptr = grown(this.#indptr, this.#rows + 1);
    this.#indptr[this.#rows] = end;
    this.#occurrences += occurrences;
    this.#unknown += unknown;
    if (length === 0) this.#empty++;
  }

  /** The matrix of all rows. */
  build(columns: number): Bags {
    const entries = this.#indptr[this.#rows] as number;
    const [occurrences, unknown] = [this.#occurrences, this.#unknown];
    return {
      shape: [this.#rows, columns],
      indptr: this.#indptr.slice(0, this.#rows + 1),
      indices: this.#indices.slice(0, entries),
      values: this.#values.slice(0, entries),
      coverage: {
        occurrences,
        unknown,
        unknownRate: occurrences === 0 ? 0 : unknown / occurrences,
        emptyDocuments: this.#empty,
      },
    };
  }
}
