// Goes through the rows of looked-up tables that a list in memory names, each thread through some of them.
import { type FunctionBuilder, I32, reduceVectors, type Variable } from '@unrolled/wasm';
import { header } from './header.ts';
import type { Table } from './parameter-memory.ts';
import { partOf } from './parts.ts';

/** Which list. */
export type List = 'stale' | 'touched';

/** Where the call's words are, and which thread this is. */
export type Place = Readonly<Record<'header' | 'thread' | 'threads', Variable<I32>>>;

/** Goes through a thread's part of a list; `at` is the row's offset in an arena, `index` its place in the list. */
export function eachListed(
  f: FunctionBuilder,
  place: Place,
  list: List,
  tables: readonly Table[],
  body: (row: {
    readonly at: Variable<I32>;
    readonly table: Table;
    readonly index: Variable<I32>;
    readonly number: number;
  }) => void,
): void {
  if (tables.length === 0) return;
  const count = f.let('listed', I32.load(place.header, header[`${list}Count`]));
  const part = partOf(place, f, count, 1);
  const rows = f.let('rows', I32.load(place.header, header[list]));
  const end = f.let('list_end', part.from.add(part.count));
  f.for('index', part.from, end, 1, (index) => {
    const row = f.let('row', I32.load(rows.add(index.shl(2))));
    for (const [number, table] of tables.entries()) {
      const at = f.let('row_at', row.mul(table.rowBytes).add(table.offset));
      body({ at, table, index, number });
    }
  });
}

/** Writes the sum of squares of each listed row, each number clamped to ±`bound`. */
export function listedSquares(
  f: FunctionBuilder,
  place: Place,
  tables: readonly Table[],
  {
    gradients,
    which,
    bound,
  }: { readonly gradients: number; readonly which: 0 | 1; readonly bound: number | undefined },
): void {
  eachListed(f, place, 'touched', tables, ({ at, table, index, number }) => {
    const from = f.let('row_gradient', at.add(gradients));
    const sum = reduceVectors(
      f,
      I32.const(table.rowBytes / 4),
      { g: from },
      {
        identity: 0,
        term: ({ g }) => {
          const clamped = bound === undefined ? g : f.let('clamped', g.max(-bound).min(bound));
          return clamped.mul(clamped);
        },
        combine: (a, b) => a.add(b),
      },
    );
    f.store(
      I32.load(place.header, header.touchedSums).add(index.mul(tables.length).add(number).shl(3)),
      sum,
      4 * which,
    );
  });
}
