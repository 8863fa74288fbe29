// N-grams of words, each of which has a vector, as in fastText.

/** Which n-grams count. */
export interface NgramOptions {
  readonly minimumNgram: number;
  readonly maximumNgram: number;
  readonly buckets: number;
}

const encoder = /* @__PURE__ */ new TextEncoder();

/** The hash of fastText: FNV-1a of 32 bits over UTF-8, where bytes above 127 count as negative numbers. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ ((byte << 24) >> 24), 0x01000193);
  return value >>> 0;
}

/**
 * The buckets of the n-grams of a word: of all stretches of `<word>` with so many code points, but not of `<` and `>` alone.
 *
 * Source: Bojanowski, Grave, Joulin and Mikolov 2017, Enriching word vectors with subword information, section 3.2; the order
 * and the hash are those of fastText.
 */
export function bucketsOf(word: string, { minimumNgram, maximumNgram, buckets }: NgramOptions): number[] {
  const points = [...`<${word}>`];
  const found: number[] = [];
  for (let from = 0; from < points.length; from++)
    for (let length = minimumNgram; length <= maximumNgram && from + length <= points.length; length++) {
      if (length === 1 && (from === 0 || from + length === points.length)) continue;
      found.push(hash(encoder.encode(points.slice(from, from + length).join(''))) % buckets);
    }
  return found;
}

/** Input rows of each word: its own, and those of its n-grams. */
export interface SubwordTable {
  /** Where each word's rows begin; one more entry for the end. `[words + 1]` */
  readonly starts: Int32Array;
  /** Rows: words first, then the buckets that some word has. */
  readonly rows: Int32Array;
  /** The row of each bucket that some word has. */
  readonly rowOfBucket: ReadonlyMap<number, number>;
  /** Rows in all. */
  readonly count: number;
}

/** The table of some words. A bucket that no word has needs no row. */
export function subwordTable(words: readonly string[], options: NgramOptions): SubwordTable {
  const rowOfBucket = new Map<number, number>();
  const starts = new Int32Array(words.length + 1);
  const rows: number[] = [];
  for (const [index, word] of words.entries()) {
    rows.push(index);
    for (const bucket of bucketsOf(word, options)) {
      const row = rowOfBucket.get(bucket) ?? words.length + rowOfBucket.size;
      rowOfBucket.set(bucket, row);
      rows.push(row);
    }
    starts[index + 1] = rows.length;
  }
  return { starts, rows: Int32Array.from(rows), rowOfBucket, count: words.length + rowOfBucket.size };
}
