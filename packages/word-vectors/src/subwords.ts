// Vectors of words from their character n-grams, as fastText has them.

/** How long character n-grams are. */
export interface NgramLengths {
  /** Shortest n-gram, in code points. */
  readonly minimum: number;
  /** Longest n-gram, in code points. */
  readonly maximum: number;
}

/** Character n-grams and their vectors. */
export interface Subwords extends NgramLengths {
  /** Row-major `[buckets, size]`: n-grams with equal hashes share a row. It is taken over, not copied. */
  readonly values: Float32Array;
}

const OPEN = 0x3c;
const CLOSE = 0x3e;
const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * The bucket of each character n-gram of `<word>`, by where it begins, then by length; an n-gram that comes twice is there
 * twice. The marks `<` and `>` alone are none.
 *
 * Source: Bojanowski, Grave, Joulin and Mikolov (2017), section 3.2; the hash is fastText's: FNV-1a of 32 bits over UTF-8,
 * each byte extended by its sign.
 *
 * @param buckets - how many there are; with 0 there is no n-gram.
 */
export function subwordBuckets(word: string, lengths: NgramLengths, buckets: number): number[] {
  return bucketsOfBytes(encoder.encode(word), lengths, buckets);
}

/** {@link subwordBuckets} of a word in UTF-8. */
export function bucketsOfBytes(word: Uint8Array, { minimum, maximum }: NgramLengths, buckets: number): number[] {
  const found: number[] = [];
  if (buckets === 0) return found;
  const bytes = new Uint8Array(word.length + 2);
  bytes.set([OPEN]);
  bytes.set(word, 1);
  bytes[bytes.length - 1] = CLOSE;
  for (let from = 0; from < bytes.length; from++) {
    if (continues(bytes, from)) continue;
    let hash = 0x811c9dc5;
    let to = from;
    for (let length = 1; to < bytes.length && length <= maximum; length++) {
      do {
        hash = Math.imul(hash ^ (((bytes[to] as number) << 24) >> 24), 16777619);
        to += 1;
      } while (continues(bytes, to));
      const markAlone = length === 1 && (from === 0 || to === bytes.length);
      if (length >= minimum && !markAlone) found.push((hash >>> 0) % buckets);
    }
  }
  return found;
}

/** Whether a code point goes on at `at`. */
function continues(bytes: Uint8Array, at: number): boolean {
  return at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80;
}

/**
 * The mean of the vectors of a word's n-grams, `[size]`, as fastText gives it to an unknown word; undefined where the word
 * has no n-gram.
 */
export function subwordVector(word: string, subwords: Subwords, size: number): Float32Array | undefined {
  const buckets = subwordBuckets(word, subwords, subwords.values.length / size);
  if (buckets.length === 0) return undefined;
  const sum = new Float64Array(size);
  for (const bucket of buckets) addRow(sum, subwords.values, bucket);
  return Float32Array.from(sum, (value) => value / buckets.length);
}

/** Adds a row of `values` to `sum`. */
export function addRow(sum: Float64Array, values: Float32Array, row: number): void {
  const from = row * sum.length;
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[from + i] as number);
}
