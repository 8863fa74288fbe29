// SHA-256 of bytes, at once or piece by piece; synchronous in Node and browsers.
import { sha256 as hash } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of bytes, or of a text's UTF-8, as 64 hexadecimal digits (FIPS 180-4). */
export function sha256(data: Uint8Array | string): string {
  return bytesToHex(hash(typeof data === 'string' ? utf8ToBytes(data) : data));
}

/** A checksum that grows with what it is given. */
export interface Checksum {
  /** Adds bytes, or a text's UTF-8. Returns itself. */
  readonly update: (data: Uint8Array | string) => Checksum;
  /** SHA-256 of all that was added, as 64 hexadecimal digits. It can be asked at any time and goes on. */
  readonly digest: () => string;
}

/** Begins a checksum of nothing. */
export function createChecksum(): Checksum {
  const state = hash.create();
  const checksum: Checksum = {
    update: (data) => {
      state.update(typeof data === 'string' ? utf8ToBytes(data) : data);
      return checksum;
    },
    digest: () => bytesToHex(state.clone().digest()),
  };
  return checksum;
}
