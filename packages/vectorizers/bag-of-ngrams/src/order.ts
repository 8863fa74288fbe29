// Puts n-grams in the order of their texts by code point, without making the texts: units first, then what follows them.
import type { NgramTrie } from './ngram-trie.ts';
import { sortWords } from './sort-words.ts';
import type { WordTable } from './word-table.ts';

/** n-grams in order, and the place of each unit among all units. */
export interface Ordered {
  /** All n-grams; those that begin alike follow what they begin with. */
  readonly order: Int32Array;
  /** By number of a unit: its place. */
  readonly ranks: Int32Array;
}

/** All n-grams of `trie` in order. The space that joins words comes before all that stands in words, so this is also the order of the joined texts. */
export function inOrder(trie: NgramTrie, words: WordTable): Ordered {
  const ranks = new Int32Array(words.size);
  sortWords(words).forEach((word, rank) => {
    ranks[word] = rank;
  });
  const { size, parents, lasts } = trie;
  const byLast = countingSort(identity(size), words.size, (node) => ranks[lasts[node] as number] as number).sorted;
  // The children of each n-gram side by side, those without a parent first.
  const { sorted: children, starts } = countingSort(byLast, size + 1, (node) => (parents[node] as number) + 1);
  const order = new Int32Array(size);
  const waiting = new Int32Array(size);
  let stacked = 0;
  const push = (parent: number): void => {
    const first = starts[parent + 1] as number;
    for (let at = (starts[parent + 2] as number) - 1; at >= first; at--) waiting[stacked++] = children[at] as number;
  };
  push(-1);
  for (let at = 0; stacked > 0; at++) {
    const node = waiting[--stacked] as number;
    order[at] = node;
    push(node);
  }
  return { order, ranks };
}

function identity(size: number): Int32Array {
  const numbers = new Int32Array(size);
  for (let at = 0; at < size; at++) numbers[at] = at;
  return numbers;
}

/** `items` by their keys, which are below `keys`; those with one key stay as they were. `starts[key]` is where a key begins. */
function countingSort(
  items: Int32Array,
  keys: number,
  keyOf: (item: number) => number,
): { readonly sorted: Int32Array; readonly starts: Int32Array } {
  const starts = new Int32Array(keys + 1);
  for (const item of items) starts[keyOf(item) + 1] = (starts[keyOf(item) + 1] as number) + 1;
  for (let key = 0; key < keys; key++) starts[key + 1] = (starts[key + 1] as number) + (starts[key] as number);
  const places = starts.slice();
  const sorted = new Int32Array(items.length);
  for (const item of items) {
    const key = keyOf(item);
    const place = places[key] as number;
    sorted[place] = item;
    places[key] = place + 1;
  }
  return { sorted, starts };
}
