// Puts the units of a corpus in the order of their code points: three-way radix quicksort (Bentley and Sedgewick 1997).
import type { WordTable } from './word-table.ts';

/** The numbers of all units of `words`, by code point. */
export function sortWords(words: WordTable): Int32Array {
  const order = Int32Array.from({ length: words.size }, (_, word) => word);
  sortRange(words, order, 0, order.length, 0);
  return order;
}

/** Sorts `order[start, end)`, whose texts agree in their first `depth` UTF-16 units. */
function sortRange(words: WordTable, order: Int32Array, start: number, end: number, depth: number): void {
  let [from, to, at] = [start, end, depth];
  while (to - from > 1) {
    const pivot = words.orderAt(order[(from + to) >>> 1] as number, at);
    let [below, next, above] = [from, from, to];
    while (next < above) {
      const word = order[next] as number;
      const key = words.orderAt(word, at);
      if (key < pivot) {
        order[next++] = order[below] as number;
        order[below++] = word;
      } else if (key > pivot) {
        order[next] = order[--above] as number;
        order[above] = word;
      } else next++;
    }
    sortRange(words, order, from, below, at);
    sortRange(words, order, above, to, at);
    // Texts that end here are equal, so there is one of them.
    if (pivot < 0) return;
    [from, to, at] = [below, above, at + 1];
  }
}
