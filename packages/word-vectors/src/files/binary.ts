// The binary of word2vec: a first line, then for each word its bytes, a space, and float32 numbers, little-endian.
import { counted } from '@unrolled/core';
import { KeyedVectors } from '../keyed-vectors.ts';
import type { ByteReader } from './byte-reader.ts';
import { readHeader } from './header.ts';
import { COPY_AGAIN, fileInvalid } from './problem.ts';
import type { LoadedVectors } from './read-options.ts';
import { Rows, type WordOptions, type Words } from './rows.ts';

const SPACE = 0x20;
const NEWLINE = 0x0a;
/** Longest word, in bytes. */
const LONGEST_WORD = 1 << 16;

/**
 * Reads the binary of word2vec.c, with a newline after each vector, and of gensim, without.
 * @throws UnrolledError `VECTOR_FILE_INVALID`
 */
export async function readWord2vecBinary(
  reader: ByteReader,
  { name, format, limit, byteLength }: WordOptions,
  words: Words,
): Promise<LoadedVectors> {
  const header = await readHeader(reader, name);
  const { size } = header;
  const rows = new Rows({ size, rows: Math.min(header.words, limit), byteLength, reader });
  let row = 0;
  for (; row < header.words && words.words.length < limit; row++) {
    const cut = () =>
      fileInvalid(name, `byte ${reader.offset}`, `it ends within word ${row + 1} of ${header.words}`, COPY_AGAIN);
    if (reader.held === 0 && !(await reader.hold(1))) throw cut();
    if (reader.bytes[reader.start] === NEWLINE) reader.start += 1;
    const length = await wordLength(reader, name, cut);
    if (reader.held < length + 1 + 4 * size && !(await reader.hold(length + 1 + 4 * size))) throw cut();
    const { bytes, start } = reader;
    const at = rows.room(words.words.length);
    const where = () => `byte ${reader.offset} (word ${row + 1})`;
    readFloats(reader, start + length + 1, rows.values, at, size, (index, value) =>
      fileInvalid(name, where(), `number ${index + 1} is ${value}, not a finite number`),
    );
    words.add(bytes.subarray(start, start + length), where);
    reader.start += length + 1 + 4 * size;
  }
  if (row === header.words) await expectEnd(reader, name, row);
  const vectors = new KeyedVectors({ words: words.words, size, values: rows.take(words.words.length) });
  return { vectors, format, duplicates: words.duplicates, replaced: words.replaced };
}

/** Bytes before the next space. */
async function wordLength(reader: ByteReader, name: string, cut: () => Error): Promise<number> {
  for (let looked = 0; ; ) {
    const space = reader.bytes.indexOf(SPACE, reader.start + looked);
    if (space >= 0 && space < reader.end) return space - reader.start;
    looked = reader.held;
    if (looked > LONGEST_WORD)
      throw fileInvalid(name, `byte ${reader.offset}`, `there is no space after a word within ${LONGEST_WORD} bytes`);
    if (!(await reader.more())) throw cut();
  }
}

/** Copies little-endian numbers. @throws what `problem` makes of one that is not finite */
export function readFloats(
  { view }: ByteReader,
  from: number,
  values: Float32Array,
  at: number,
  count: number,
  problem: (index: number, value: number) => Error,
): void {
  for (let i = 0; i < count; i++) {
    const value = view.getFloat32(from + 4 * i, true);
    if (!Number.isFinite(value)) throw problem(i, value);
    values[at + i] = value;
  }
}

async function expectEnd(reader: ByteReader, name: string, words: number): Promise<void> {
  await reader.hold(1);
  if (reader.bytes[reader.start] === NEWLINE && reader.held > 0) reader.start += 1;
  if (await reader.hold(1))
    throw fileInvalid(
      name,
      `byte ${reader.offset}`,
      `the first line says ${counted(words, 'word')}, but more bytes follow`,
    );
}
