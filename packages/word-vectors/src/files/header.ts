// The first line of word2vec's files: how many words, how many numbers in each vector.
import type { ByteReader } from './byte-reader.ts';
import { Lines } from './lines.ts';
import { fileInvalid } from './problem.ts';

/** What the first line promises. It may lie. */
export interface Header {
  readonly words: number;
  readonly size: number;
}

/** Largest size of a vector. */
export const LARGEST_SIZE = 1 << 24;
const numbers = /^(\d{1,15})[ \t]+(\d{1,15})[ \t]*$/;

/** The header of such a line; undefined where it is none. */
export function parseHeader(line: string): Header | undefined {
  const [, words, size] = numbers.exec(line) ?? [];
  return size === undefined ? undefined : { words: Number(words), size: Number(size) };
}

/** Takes the first line. @throws UnrolledError `VECTOR_FILE_INVALID` */
export async function readHeader(reader: ByteReader, name: string): Promise<Header> {
  const lines = new Lines(reader, name);
  const line = await lines.next();
  const text = line ? latin1(reader.bytes.subarray(line.from, Math.min(line.to, line.from + 80))) : '';
  const header = parseHeader(text);
  if (!header)
    throw fileInvalid(
      name,
      'line 1',
      `it must be the number of words and the size of vectors, such as "3000000 300", but is ${JSON.stringify(text)}`,
      'Where the file has no such line, read it as format "glove".',
    );
  if (header.size < 1 || header.size > LARGEST_SIZE)
    throw fileInvalid(
      name,
      'line 1',
      `it says that vectors have ${header.size} numbers; they have 1 to ${LARGEST_SIZE}`,
    );
  return header;
}

/** Bytes as characters, one for each. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
