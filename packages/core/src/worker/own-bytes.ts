// Files whose bytes stand alone, since a view drags the whole of its buffer across.
import type { Files } from '../model/file-set.ts';

/** The same files; bytes that are a part of a larger buffer are copied. */
export function ownBytes(files: Files): Map<string, Uint8Array> {
  return new Map(
    [...files].map(([path, bytes]) => [path, bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()]),
  );
}
