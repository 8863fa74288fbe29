// MurmurHash3 x86_32 (Appleby 2011, public domain) with seed 0.

/** The hash of `bytes[start, end)`, as a signed number of 32 bits. */
export function murmur3(bytes: Uint8Array, start: number, end: number): number {
  const blocks = start + ((end - start) & ~3);
  let hash = 0;
  for (let at = start; at < blocks; at += 4) {
    const block =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash ^= scramble(block);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (blocks < end) {
    let rest = 0;
    for (let at = end - 1; at >= blocks; at--) rest = (rest << 8) | (bytes[at] as number);
    hash ^= scramble(rest);
  }
  hash ^= end - start;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function scramble(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

/** The column of a hash among `columns`: |h| mod columns. */
export function columnOf(hash: number, columns: number): number {
  return Math.abs(hash) % columns;
}
