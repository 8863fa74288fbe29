// Pairs of neighbouring tokens waiting to be merged: the most frequent first, among equals the one of the smallest numbers.

/** A pair as it was counted when it entered the queue. */
export interface Waiting {
  /** Its place in the table of counts. */
  readonly pair: number;
  /** Number of the left token. */
  readonly left: number;
  /** Number of the right token. */
  readonly right: number;
  /** Its count then. */
  count: number;
  /** Words that held it then. */
  readonly words: readonly number[];
}

function before(a: Waiting, b: Waiting): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.left !== b.left ? a.left < b.left : a.right < b.right;
}

/** A binary heap. */
export class PairQueue {
  readonly #heap: Waiting[] = [];

  /** Adds a pair. */
  push(waiting: Waiting): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(waiting);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(waiting, heap[parent] as Waiting)) break;
      heap[at] = heap[parent] as Waiting;
      at = parent;
    }
    heap[at] = waiting;
  }

  /** Takes the first pair out; undefined where none is left. */
  pop(): Waiting | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && before(heap[child + 1] as Waiting, heap[child] as Waiting)) child += 1;
      if (!before(heap[child] as Waiting, last)) break;
      heap[at] = heap[child] as Waiting;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
