// Text as UTF-8 that remembers where each byte came from.

/** Bytes of a text and the character that each belongs to; reused from call to call. */
export interface BytesWithPlaces {
  /** The bytes. */
  bytes: Uint8Array;
  /** First UTF-16 unit of each byte's character. */
  starts: Int32Array;
  /** One past its last unit. */
  ends: Int32Array;
}

/** An empty place for {@link encodeWithPlaces} to write to. */
export function emptyBytes(): BytesWithPlaces {
  return { bytes: new Uint8Array(256), starts: new Int32Array(256), ends: new Int32Array(256) };
}

const REPLACEMENT = 0xfffd;

/** Writes the UTF-8 of `text` into `into` and gives the number of bytes. A lone surrogate becomes U+FFFD, as everywhere on the web. */
export function encodeWithPlaces(text: string, into: BytesWithPlaces): number {
  if (into.bytes.length < text.length * 3) grow(into, text.length * 3);
  const { bytes, starts, ends } = into;
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      bytes[length] = unit;
      starts[length] = at;
      ends[length++] = ++at;
      continue;
    }
    const found = text.codePointAt(at) as number;
    const end = at + (found > 0xffff ? 2 : 1);
    const first = length;
    length = writeCodePoint(found >= 0xd800 && found < 0xe000 ? REPLACEMENT : found, bytes, length);
    starts.fill(at, first, length);
    ends.fill(end, first, length);
    at = end;
  }
  return length;
}

function writeCodePoint(codePoint: number, bytes: Uint8Array, at: number): number {
  let length = at;
  if (codePoint < 0x800) bytes[length++] = 0xc0 | (codePoint >> 6);
  else {
    if (codePoint < 0x10000) bytes[length++] = 0xe0 | (codePoint >> 12);
    else {
      bytes[length++] = 0xf0 | (codePoint >> 18);
      bytes[length++] = 0x80 | ((codePoint >> 12) & 63);
    }
    bytes[length++] = 0x80 | ((codePoint >> 6) & 63);
  }
  bytes[length++] = 0x80 | (codePoint & 63);
  return length;
}

function grow(into: BytesWithPlaces, atLeast: number): void {
  into.bytes = new Uint8Array(atLeast);
  into.starts = new Int32Array(atLeast);
  into.ends = new Int32Array(atLeast);
}
