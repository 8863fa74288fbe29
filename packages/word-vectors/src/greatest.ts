// The rows of the greatest scores, found in one pass with a heap of as many as are wanted.

/** The rows of the `count` greatest `scores`, greatest first, ties by row; rows in `but` are left out. */
export function greatest(scores: Float64Array, count: number, but: ReadonlySet<number>): number[] {
  const heap: number[] = []; // the worst of the best so far is on top
  const worse = (a: number, b: number): boolean => {
    const difference = (scores[a] as number) - (scores[b] as number);
    return difference < 0 || (difference === 0 && a > b);
  };
  for (let row = 0; row < scores.length; row++) {
    if (heap.length === count && !worse(heap[0] as number, row)) continue;
    if (but.has(row)) continue;
    if (heap.length < count) rise(heap, row, worse);
    else sink(heap, row, worse);
  }
  return heap.sort((a, b) => (worse(b, a) ? -1 : 1));
}

type Worse = (a: number, b: number) => boolean;

/** Adds `row` to the heap. */
function rise(heap: number[], row: number, worse: Worse): void {
  let at = heap.push(row) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!worse(row, heap[parent] as number)) break;
    heap[at] = heap[parent] as number;
    at = parent;
  }
  heap[at] = row;
}

/** Puts `row` in place of the heap's top. */
function sink(heap: number[], row: number, worse: Worse): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && worse(heap[child + 1] as number, heap[child] as number)) child += 1;
    if (!worse(heap[child] as number, row)) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = row;
}
