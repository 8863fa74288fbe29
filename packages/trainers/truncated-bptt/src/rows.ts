// Rows of states: every sequence keeps its own, whatever its neighbours do.
import type { State, Tensor } from '@unrolled/core';

/** One row, and the state that holds it. */
export interface Row {
  /** Which sequence. */
  readonly row: number;
  /** Where to take it from. */
  readonly source: State;
}

/** A copy of `base` with these rows in place of its own; `base` itself where there are none. */
export function withRows(base: State, rows: readonly Row[]): State {
  if (rows.length === 0) return base;
  return Object.fromEntries(
    Object.entries(base).map(([name, { shape, data }]) => {
      const copy = data.slice();
      const width = data.length / (shape[0] as number);
      for (const { row, source } of rows)
        copy.set((source[name] as Tensor).data.subarray(row * width, (row + 1) * width), row * width);
      return [name, { shape, data: copy }];
    }),
  );
}
