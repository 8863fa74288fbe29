// TFRecord: bytes one after the other, each with its length and with checksums of both.
// Source: TensorFlow, core/lib/io/record_writer.h and core/lib/hash/crc32c.h (the mask).
import CRC32C from 'crc-32/crc32c.js';

/** Bytes before the data: the length (64 bits) and its checksum. */
const HEADER = 12;
/** Bytes behind the data: its checksum. */
const FOOTER = 4;

/** One record around `data`. */
export function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + data.length + FOOTER);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedChecksum(bytes.subarray(0, 8)), true);
  bytes.set(data, HEADER);
  view.setUint32(HEADER + data.length, maskedChecksum(data), true);
  return bytes;
}

/** CRC-32C turned by 15 bits, plus a constant: a checksum of data that hold checksums would be weak. */
function maskedChecksum(data: Uint8Array): number {
  const checksum = CRC32C.buf(data);
  return ((checksum >>> 15) | (checksum << 17)) + 0xa282ead8;
}
