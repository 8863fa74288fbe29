// The different words of a corpus as rows of token numbers, in one buffer; merges shorten them in place.
import { emptyBytes, encodeWithPlaces } from '../text/utf8.ts';

/** Words and how often each comes. */
export interface Words {
  /** Token numbers of all words, one after the other. */
  readonly symbols: Int32Array;
  /** Where each word begins. */
  readonly starts: Int32Array;
  /** How many tokens each has now. */
  readonly lengths: Int32Array;
  /** How often each comes. */
  readonly counts: Float64Array;
}

/** @param tokenOf - the number of each byte's token. */
export function layOut(counts: ReadonlyMap<string, number>, tokenOf: Int32Array): Words {
  const places = emptyBytes();
  const words = {
    starts: new Int32Array(counts.size),
    lengths: new Int32Array(counts.size),
    counts: Float64Array.from(counts.values()),
  };
  let symbols = new Int32Array(1 << 16);
  let [word, used] = [0, 0];
  for (const text of counts.keys()) {
    const length = encodeWithPlaces(text, places);
    if (used + length > symbols.length) {
      const larger = new Int32Array(Math.max(symbols.length * 2, used + length));
      larger.set(symbols);
      symbols = larger;
    }
    words.starts[word] = used;
    words.lengths[word++] = length;
    for (let at = 0; at < length; at++) symbols[used++] = tokenOf[places.bytes[at] as number] as number;
  }
  return { ...words, symbols };
}

/** Merges each `left right` of a word to `merged` and tells of every pair that is gone (−1) or new (1) by it. */
export function mergeInWord(
  { symbols, starts, lengths }: Words,
  word: number,
  [left, right, merged]: readonly [number, number, number],
  changed: (left: number, right: number, change: 1 | -1) => void,
): void {
  const start = starts[word] as number;
  const end = start + (lengths[word] as number);
  let write = start;
  for (let read = start; read < end; read++) {
    const here = symbols[read] as number;
    if (here !== left || read + 1 >= end || symbols[read + 1] !== right) {
      symbols[write++] = here;
      continue;
    }
    if (write > start) {
      const before = symbols[write - 1] as number;
      changed(before, left, -1);
      changed(before, merged, 1);
    }
    if (read + 2 < end) {
      const after = symbols[read + 2] as number;
      changed(right, after, -1);
      changed(merged, after, 1);
    }
    symbols[write++] = merged;
    read += 1;
  }
  lengths[word] = write - start;
}
