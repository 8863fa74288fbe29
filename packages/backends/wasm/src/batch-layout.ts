// How the sequences of a batch lie in memory: sorted by length and dealt to shards, so that every step has whole rows.
//
// A shard's rows are independent of all others, and its order depends on the batch alone, never on the threads.
import type { Batch } from '@unrolled/core';

/** Rows of a shard: enough for a product's tiles, few enough that four threads share a small batch. */
const FEWEST_ROWS = 8;
const MOST_ROWS = 16;
/** Bytes of weights from which a shard has the most rows: then reading them for a step costs more than sharing the rows saves. */
const LARGE_WEIGHTS = 1 << 20;
const SHARDS = 4;
/** Terms of a sum over steps that are taken at once; whole steps, as many as fit. */
const GROUP_TERMS = 256;

/** Some rows and their steps. */
export interface Shard {
  readonly rowBase: number;
  readonly rowCount: number;
  readonly positionBase: number;
  readonly positionCount: number;
  readonly steps: number;
  readonly pairBase: number;
  /** Rows that have each step; they come first. */
  readonly active: readonly number[];
  /** First position of each step. */
  readonly first: readonly number[];
}

/** How much room a layout takes. */
export interface Extents {
  readonly shards: readonly Pick<Shard, 'rowCount' | 'positionCount' | 'steps'>[];
  readonly rows: number;
  /** Steps of the longest sequence. */
  readonly steps: number;
  /** Steps of all sequences. */
  readonly positions: number;
  /** Pairs of steps, as many as have room. */
  readonly pairs: number;
}

/** A batch's layout. */
export interface BatchLayout extends Extents {
  /** The batch's row at each place. */
  readonly order: Int32Array;
  readonly shards: readonly Shard[];
  /** Steps that are summed at once. */
  readonly group: number;
}

/** Rows of a full shard for a batch of this size. */
function rowsOfShard(size: number, weightBytes: number): number {
  if (weightBytes >= LARGE_WEIGHTS) return MOST_ROWS;
  const even = Math.ceil(size / SHARDS / 4) * 4;
  return Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, even));
}

/** Steps that are summed at once in batches of this size. */
function groupOf(size: number, rows: number): number {
  return Math.max(1, Math.floor(GROUP_TERMS / Math.min(Math.max(size, 1), rows)));
}

/**
 * Lays out a batch for a network with so many bytes of weights. Sequences without steps come last of all, so that the others lie,
 * and sums go on, as they would without them.
 */
export function layOut({ size, lengths }: Pick<Batch, 'size' | 'lengths'>, weightBytes: number): BatchLayout {
  const filled = lengths.reduce((sum, length) => sum + Math.sign(length), 0);
  const rowsOfAll = rowsOfShard(filled, weightBytes);
  const count = Math.max(1, Math.ceil(filled / rowsOfAll));
  const sorted = byLength(lengths);
  const order = new Int32Array(size);
  const shards: Shard[] = [];
  let [row, position, pair] = [0, 0, 0];
  for (let number = 0; number < count; number++) {
    const rowBase = row;
    for (let rank = number; rank < filled; rank += count) order[row++] = sorted[rank] as number;
    if (number === count - 1) for (let rank = filled; rank < size; rank++) order[row++] = sorted[rank] as number;
    const shard = shardOf(order, lengths, { rowBase, rowCount: row - rowBase, positionBase: position, pairBase: pair });
    shards.push(shard);
    position += shard.positionCount;
    pair += shard.steps * shard.positionCount;
  }
  const steps = Math.max(0, ...shards.map((shard) => shard.steps));
  return { order, shards, rows: size, steps, positions: position, pairs: pair, group: groupOf(filled, rowsOfAll) };
}

/** Rows from the longest to the shortest; equal ones in their order. */
function byLength(lengths: Int32Array): Int32Array {
  const order = Int32Array.from(lengths, (_, row) => row);
  return order.sort((a, b) => (lengths[b] as number) - (lengths[a] as number) || a - b);
}

function shardOf(
  order: Int32Array,
  lengths: Int32Array,
  base: Pick<Shard, 'rowBase' | 'rowCount' | 'positionBase' | 'pairBase'>,
): Shard {
  const { rowBase, rowCount, positionBase } = base;
  const longest = rowCount > 0 ? (lengths[order[rowBase] as number] as number) : 0;
  const active: number[] = [];
  const first: number[] = [];
  let position = positionBase;
  let rows = rowCount;
  for (let step = 0; step < longest; step++) {
    while (rows > 0 && (lengths[order[rowBase + rows - 1] as number] as number) <= step) rows--;
    active.push(rows);
    first.push(position);
    position += rows;
  }
  return { ...base, positionCount: position - positionBase, steps: longest, active, first };
}

/** The steps from one to before another, in the same order: each shard has the same rows. */
export function sliceSteps({ order, shards: whole, rows, group }: BatchLayout, from: number, to: number): BatchLayout {
  let [position, pair] = [0, 0];
  const shards = whole.map((shard): Shard => {
    const active = shard.active.slice(from, to);
    const base = { positionBase: position, pairBase: pair };
    const first = active.map((count) => {
      position += count;
      return position - count;
    });
    const positionCount = position - base.positionBase;
    pair += active.length * positionCount;
    const { rowBase, rowCount } = shard;
    return { rowBase, rowCount, ...base, positionCount, steps: active.length, active, first };
  });
  const steps = Math.max(0, ...shards.map((shard) => shard.steps));
  return { order, shards, rows, steps, positions: position, pairs: pair, group };
}

/** The room that the first steps take. */
export function extentsOf({ shards: whole, rows, steps: all }: BatchLayout, steps: number): Extents {
  const shards = whole.map((shard) => {
    const end = steps < shard.steps ? (shard.first[steps] as number) : shard.positionBase + shard.positionCount;
    const positionCount = end - shard.positionBase;
    return { rowCount: shard.rowCount, positionCount, steps: Math.min(shard.steps, steps) };
  });
  const positions = shards.reduce((sum, { positionCount }) => sum + positionCount, 0);
  const pairs = shards.reduce((sum, shard) => sum + shard.steps * shard.positionCount, 0);
  return { shards, rows, steps: Math.min(all, steps), positions, pairs };
}
