// Moves one row between a batch's time-major tensors and the interpreter's contiguous ones.
import type { Values } from '@unrolled/core';

/** `out[t, k] = source[t, row, k]` for the row's steps. */
export function columnOf(
  source: ArrayLike<number>,
  out: Float64Array,
  row: number,
  rows: number,
  steps: number,
  size: number,
): void {
  for (let t = 0; t < steps; t++) {
    const from = (t * rows + row) * size;
    for (let k = 0; k < size; k++) out[t * size + k] = source[from + k] as number;
  }
}

/** `out[k] = source[row, k]`. */
export function rowOf(source: ArrayLike<number>, out: Float64Array, row: number, size: number): void {
  for (let k = 0; k < size; k++) out[k] = source[row * size + k] as number;
}

/** `out[t, row, k] = data[t, k]` for the row's steps; with one step, `out[row, k] = data[k]`. */
export function scatterRow(
  data: Float64Array,
  out: Values,
  row: number,
  rows: number,
  steps: number,
  size: number,
): void {
  for (let t = 0; t < steps; t++) {
    const to = (t * rows + row) * size;
    for (let k = 0; k < size; k++) out[to + k] = data[t * size + k] as number;
  }
}
