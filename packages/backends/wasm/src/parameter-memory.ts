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

/** Copies numbers between tensors and an arena, and tells where each parameter is. */
export class ParameterMemory {
  /** Bytes of an arena; a multiple of 64. */
  readonly bytes: number;
  readonly #placed = new Map<string, Placed>();

  constructor(families: readonly Family[]) {
    let next = 0;
    for (const { names, shape, layout } of families) {
      const [rows = 1, columns = 1] = shape;
      const transposed = layout === 'columns';
      const stride = transposed ? 4 * rows * names.length : 4 * columns;
      names.forEach((name, index) => {
        const offset = next + (transposed ? 4 * rows * index : 4 * sizeOf(shape) * index);
        this.#placed.set(name, { offset, shape, stride, transposed });
      });
      // Vectors may be read beyond the end.
      next = Math.ceil((next + 4 * sizeOf(shape) * names.length + 16) / 64) * 64;
    }
    this.bytes = next;
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
    for (let column = 0; column < columns; column++) {
      const at = from + (column * stride) / 4;
      for (let row = 0; row < rows; row++) out[row * columns + column] = arena[at + row] as number;
    }
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
    for (let column = 0; column < columns; column++) {
      const at = from + (column * stride) / 4;
      for (let row = 0; row < rows; row++) arena[at + row] = data[row * columns + column] as number;
    }
  }
}
