// Where parameters are in memory; gradients and optimizer states lie in the same way, each in an arena of its own.
import type { ParameterInfo, Values } from '@unrolled/core';
import { type Family, sizeOf } from '@unrolled/equations';

/** A matrix in memory: bytes from the arena's start, and between its rows and the numbers of a row. */
export interface Placed {
  readonly offset: number;
  readonly shape: readonly number[];
  /** Bytes from one row to the next of what lies in memory: of a table that is kept by columns, from column to column. */
  readonly stride: number;
  /** Whether it is kept by columns. */
  readonly transposed: boolean;
}

/** A table of which a call's gradient has few rows: bytes from the arena's start, and of a row. */
export interface Table {
  readonly offset: number;
  readonly rowBytes: number;
}

/** Copies numbers between tensors and an arena, and tells where each parameter is. */
export class ParameterMemory {
  /** Bytes of an arena; a multiple of 64. */
  readonly bytes: number;
  /** Bytes before the tables that are looked up; a multiple of 64. */
  readonly denseBytes: number;
  /** Tables that are looked up by the input, and how many rows each has. */
  readonly tables: readonly Table[];
  readonly tableRows: number;
  readonly #placed = new Map<string, Placed>();

  constructor(families: readonly Family[]) {
    let next = 0;
    let dense: number | undefined;
    const tables: Table[] = [];
    let tableRows = 0;
    for (const { names, shape, layout, lookedUp } of families) {
      const [rows = 1, columns = 1] = shape;
      const transposed = layout === 'columns';
      const stride = transposed ? 4 * rows * names.length : 4 * columns;
      names.forEach((name, index) => {
        const offset = next + (transposed ? 4 * rows * index : 4 * sizeOf(shape) * index);
        this.#placed.set(name, { offset, shape, stride, transposed });
      });
      if (lookedUp) {
        dense ??= next;
        tableRows = transposed ? columns : rows;
        if (transposed) tables.push({ offset: next, rowBytes: stride });
        else for (const name of names) tables.push({ offset: this.at(name).offset, rowBytes: stride });
      }
      // Vectors may be read beyond the end.
      next = Math.ceil((next + 4 * sizeOf(shape) * names.length + 16) / 64) * 64;
    }
    this.bytes = next;
    this.denseBytes = dense ?? next;
    this.tables = tables;
    this.tableRows = tableRows;
  }

  /** @throws RangeError for a name that is none's */
  at(name: string): Placed {
    const placed = this.#placed.get(name);
    if (!placed) throw new RangeError(`no parameter ${name}`);
    return placed;
  }

  /** Numbers of a parameter's place in an arena, row-major. */
  read(arena: Float32Array, { name }: Pick<ParameterInfo, 'name'>): Float32Array {
    const { offset, shape, stride, transposed } = this.at(name);
    const from = offset / 4;
    if (!transposed) return arena.slice(from, from + sizeOf(shape));
    const [rows = 1, columns = 1] = shape;
    const out = new Float32Array(rows * columns);
    eachBlock(columns, (begin, end) => {
      for (let row = 0; row < rows; row++) {
        const at = from + row;
        for (let column = begin; column < end; column++)
          out[row * columns + column] = arena[at + (column * stride) / 4] as number;
      }
    });
    return out;
  }

  /** Writes numbers, row-major, to a parameter's place in an arena. */
  write(arena: Float32Array, name: string, data: Values): void {
    const { offset, shape, stride, transposed } = this.at(name);
    const from = offset / 4;
    if (!transposed) {
      arena.set(data, from);
      return;
    }
    const [rows = 1, columns = 1] = shape;
    eachBlock(columns, (begin, end) => {
      for (let row = 0; row < rows; row++) {
        const at = from + row;
        for (let column = begin; column < end; column++)
          arena[at + (column * stride) / 4] = data[row * columns + column] as number;
      }
    });
  }
}

/** Columns whose numbers stay in cache while all rows of them are gone through. */
const BLOCK = 32;

function eachBlock(columns: number, body: (begin: number, end: number) => void): void {
  for (let begin = 0; begin < columns; begin += BLOCK) body(begin, Math.min(columns, begin + BLOCK));
}
