// Which rows of looked-up tables have a gradient: the others are 0 and stay untouched, however large the tables are.

import type { Batch } from '@unrolled/core';
import type { BatchLayout } from './batch-layout.ts';
import { header } from './header.ts';

/** Rows that a call must know of, ascending and each once. */
export interface RowLists {
  /** Rows whose gradient is left from an earlier call. */
  readonly stale: Int32Array;
  /** Rows that have a gradient now, or one that waits. */
  readonly touched: Int32Array;
  /** Whether gradients wait before or after it. */
  readonly waits: boolean;
}

const none = new Int32Array(0);

/** Follows the gradients of tables with so many rows from call to call. */
export class TouchedRows {
  readonly #rows: number;
  /** The round in which a row was last seen. */
  readonly #seen: Int32Array;
  #round = 0;
  /** Rows that may not be 0 in the memory of gradients, and of those that wait. */
  #gradients: Int32Array = none;
  #waiting: Int32Array = none;

  constructor(rows: number) {
    this.#rows = rows;
    this.#seen = new Int32Array(rows);
  }

  /**
   * The lists of a call that looks up the rows `ids`.
   * @param continues - whether it goes on adding to the gradients that are there.
   * @param waits - whether gradients wait that are added to, or take their place.
   */
  lists(ids: Int32Array, { continues, waits }: { readonly continues: boolean; readonly waits: boolean }): RowLists {
    if (this.#rows === 0) return { stale: none, touched: none, waits };
    const stale = continues ? none : this.#gradients;
    const touched = this.#union([ids, continues ? this.#gradients : none, waits ? this.#waiting : none]);
    return { stale, touched, waits };
  }

  /** A call with these lists is about to run. */
  runs({ touched, waits }: RowLists): void {
    this.#gradients = touched;
    if (waits) this.#waiting = touched;
  }

  /** Gradients that wait were written from outside: any row may have one. */
  written(): void {
    this.#waiting = Int32Array.from({ length: this.#rows }, (_, row) => row);
  }

  /** Lists of a call over a batch of ids; where it has no tables they are empty. */
  listsOf(batch: Batch, layout: BatchLayout, how: { readonly continues: boolean; readonly waits: boolean }): RowLists {
    return this.lists(this.#rows === 0 ? none : idsOf(batch, layout), how);
  }

  #union(lists: readonly Int32Array[]): Int32Array {
    this.#round += 1;
    const rows: number[] = [];
    for (const list of lists) {
      for (const row of list) {
        if (this.#seen[row] === this.#round) continue;
        this.#seen[row] = this.#round;
        rows.push(row);
      }
    }
    return Int32Array.from(rows).sort();
  }
}

/** Ids of all true steps. */
function idsOf({ inputs: { x } }: Batch, { order, shards, rows, positions }: BatchLayout): Int32Array {
  const ids = new Int32Array(positions);
  let next = 0;
  for (const { rowBase, active } of shards) {
    for (const [step, count] of active.entries())
      for (let row = rowBase; row < rowBase + count; row++)
        ids[next++] = x?.[step * rows + (order[row] as number)] ?? 0;
  }
  return ids;
}

/** Bytes that lists need, with room for `tables` sums of each touched row. */
export function listBytes(
  { stale, touched }: Readonly<Record<'stale' | 'touched', { readonly length: number }>>,
  tables: number,
): number {
  return 4 * (stale.length + touched.length) + 8 * tables * touched.length;
}

/** Bytes that lists need at the most for so many look-ups. */
export function mostListBytes(
  lookups: number,
  { tableRows, tables }: { readonly tableRows: number; readonly tables: readonly unknown[] },
): number {
  const most = { length: Math.min(lookups, tableRows) };
  return listBytes({ stale: most, touched: most }, tables.length);
}

/** Writes the lists from an address on, and to the call's header where they are. */
export function writeLists(
  integers: Int32Array,
  { stale, touched }: RowLists,
  place: { readonly header: number; readonly address: number },
): void {
  const set = (word: number, value: number): void => {
    integers[(place.header + word) / 4] = value;
  };
  const at = place.address / 4;
  integers.set(stale, at);
  integers.set(touched, at + stale.length);
  set(header.stale, place.address);
  set(header.staleCount, stale.length);
  set(header.touched, place.address + 4 * stale.length);
  set(header.touchedCount, touched.length);
  set(header.touchedSums, place.address + 4 * (stale.length + touched.length));
}
