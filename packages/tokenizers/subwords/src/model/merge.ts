// Applies the merges of a byte-pair encoding to a row of symbols: the earliest learned first, the leftmost among equals.
import type { MergeTable } from './merge-table.ts';

/** Symbols in a row, and where each begins; `ends[i]` is the index after the last first symbol that token i holds. */
export interface SymbolRow {
  /** Token number of each symbol. */
  ids: Int32Array;
  /** How many first symbols each token holds. */
  widths: Int32Array;
}

/** From here on a queue is faster than to look through all neighbours for each merge. */
const MANY = 128;

/** Merges the first `length` symbols in place and gives the number of tokens left. */
export function mergeSymbols(row: SymbolRow, length: number, table: MergeTable): number {
  return length < MANY ? mergeFew(row, length, table) : mergeMany(row, length, table);
}

const fewRanks = /* @__PURE__ */ new Int32Array(MANY);

function mergeFew({ ids, widths }: SymbolRow, given: number, { rankOf, merged }: MergeTable): number {
  let length = given;
  for (let at = 0; at < length - 1; at++) fewRanks[at] = rankOf(ids[at] as number, ids[at + 1] as number);
  for (;;) {
    let least = -1;
    let rank = 0x7fffffff;
    for (let at = 0; at < length - 1; at++) {
      const here = fewRanks[at] as number;
      if (here >= 0 && here < rank) {
        rank = here;
        least = at;
      }
    }
    if (least < 0) return length;
    ids[least] = merged[rank] as number;
    widths[least] = (widths[least] as number) + (widths[least + 1] as number);
    length -= 1;
    for (let at = least + 1; at < length; at++) {
      ids[at] = ids[at + 1] as number;
      widths[at] = widths[at + 1] as number;
      fewRanks[at] = fewRanks[at + 1] as number;
    }
    if (least < length - 1) fewRanks[least] = rankOf(ids[least] as number, ids[least + 1] as number);
    if (least > 0) fewRanks[least - 1] = rankOf(ids[least - 1] as number, ids[least] as number);
  }
}

/** As far apart as two ranks stand in the queue: more than any position. */
const SPREAD = 0x80000000;

function mergeMany({ ids, widths }: SymbolRow, length: number, { rankOf, merged }: MergeTable): number {
  const next = new Int32Array(length);
  const before = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    next[at] = at + 1;
    before[at] = at - 1;
  }
  const queue = new Queue(length);
  const offer = (at: number, after: number): void => {
    const rank = rankOf(ids[at] as number, ids[after] as number);
    if (rank >= 0) queue.push(rank * SPREAD + at);
  };
  for (let at = 0; at < length - 1; at++) offer(at, at + 1);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const at = key % SPREAD;
    const after = next[at] as number;
    const rank = Math.floor(key / SPREAD);
    // What was merged away, or has another neighbour by now, is stale.
    if (widths[at] === 0 || after >= length || rankOf(ids[at] as number, ids[after] as number) !== rank) continue;
    ids[at] = merged[rank] as number;
    widths[at] = (widths[at] as number) + (widths[after] as number);
    widths[after] = 0;
    const beyond = next[after] as number;
    next[at] = beyond;
    if (beyond < length) {
      before[beyond] = at;
      offer(at, beyond);
    }
    const previous = before[at] as number;
    if (previous >= 0) offer(previous, at);
  }
  let kept = 0;
  for (let at = 0; at < length; at = next[at] as number) {
    ids[kept] = ids[at] as number;
    widths[kept++] = widths[at] as number;
  }
  return kept;
}

/** A binary heap of numbers, least first. */
class Queue {
  #keys: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity + 1);
  }

  push(key: number): void {
    if (this.#size === this.#keys.length) {
      const larger = new Float64Array(this.#size * 2);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    const keys = this.#keys;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((keys[parent] as number) <= key) break;
      keys[at] = keys[parent] as number;
      at = parent;
    }
    keys[at] = key;
  }

  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const keys = this.#keys;
    const top = keys[0];
    const size = --this.#size;
    const last = keys[size] as number;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (keys[child + 1] as number) < (keys[child] as number)) child += 1;
      if ((keys[child] as number) >= last) break;
      keys[at] = keys[child] as number;
      at = child;
    }
    keys[at] = last;
    return top;
  }
}
