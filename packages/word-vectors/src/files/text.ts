// Vectors as text: a word and its numbers on each line, split from the right on U+0020 alone.
import { counted } from '@unrolled/core';
import { KeyedVectors } from '../keyed-vectors.ts';
import type { ByteReader } from './byte-reader.ts';
import { type Header, LARGEST_SIZE, latin1, readHeader } from './header.ts';
import { type Line, Lines } from './lines.ts';
import { parseNumber } from './parse-number.ts';
import { COPY_AGAIN, fileInvalid } from './problem.ts';
import type { LoadedVectors } from './read-options.ts';
import { Rows, type WordOptions, type Words } from './rows.ts';

const SPACE = 0x20;
/** What tells a number of a vector from a word: a point or an exponent. */
const fraction = /^[-+]?(?:\d*\.\d+|\d+\.|\d+e[-+]?\d+)(?:e[-+]?\d+)?$/i;

/** Reads the text of word2vec and fastText's .vec. @throws UnrolledError `VECTOR_FILE_INVALID` */
export async function readWord2vecText(reader: ByteReader, options: WordOptions, words: Words): Promise<LoadedVectors> {
  await skipMark(reader);
  const header = await readHeader(reader, options.name);
  return await readLines(reader, options, words, { header, size: header.size, sizeIsSure: true });
}

/** Reads the text of GloVe, which has no first line of its own. @throws UnrolledError `VECTOR_FILE_INVALID` */
export async function readGlove(reader: ByteReader, options: WordOptions, words: Words): Promise<LoadedVectors> {
  const size = options.size ?? (await sizeOfFirst(reader, options.name));
  return await readLines(reader, options, words, { size, sizeIsSure: options.size !== undefined });
}

/** A byte-order mark before the first line's numbers is no data. */
async function skipMark(reader: ByteReader): Promise<void> {
  await reader.hold(3);
  const [a, b, c] = reader.bytes.subarray(reader.start, reader.end);
  if (a === 0xef && b === 0xbb && c === 0xbf) reader.start += 3;
}

/** Looks at the first line and leaves it. */
async function sizeOfFirst(reader: ByteReader, name: string): Promise<number> {
  const before = reader.offset;
  const line = await new Lines(reader, name).next();
  if (!line) throw fileInvalid(name, 'line 1', 'the file is empty', COPY_AGAIN);
  const end = trimmedEnd(reader.bytes, line);
  let size = 0;
  for (let at = line.from + 1; at < end; at++)
    if (reader.bytes[at] === SPACE && reader.bytes[at - 1] !== SPACE) size += 1;
  reader.start -= reader.offset - before;
  if (size === 0)
    throw fileInvalid(name, 'line 1', 'there is no space between a word and numbers', 'Separate them by U+0020.');
  if (size > LARGEST_SIZE)
    throw fileInvalid(name, 'line 1', `it has ${size} numbers; at most ${LARGEST_SIZE} are read`);
  return size;
}

interface Layout {
  readonly header?: Header;
  readonly size: number;
  /** Whether it is stated rather than inferred. */
  readonly sizeIsSure: boolean;
}

async function readLines(
  reader: ByteReader,
  { name, format, limit, byteLength }: WordOptions,
  words: Words,
  { header, size, sizeIsSure }: Layout,
): Promise<LoadedVectors> {
  const promised = header?.words ?? Infinity;
  const rows = new Rows({ size, rows: Math.min(promised, limit), byteLength, reader });
  const lines = new Lines(reader, name);
  const firstLine = header ? 2 : 1;
  lines.number = firstLine - 1;
  while (words.words.length < limit) {
    const line = lines.nextHeld() ?? (await lines.next());
    if (!line) break;
    const { bytes } = reader;
    const end = trimmedEnd(bytes, line);
    if (end === line.from) {
      await expectEnd(lines, reader, name);
      break;
    }
    if (lines.number - firstLine >= promised)
      throw fileInvalid(name, lines.where(), `the first line says ${promised} words, but more follow`);
    const numbers = numbersFrom(bytes, line.from, end, size);
    if (numbers < 0 || (!sizeIsSure && looksCut(bytes, line.from, numbers)))
      throw wrongCount(reader, name, lines, line.from, end, size);
    const at = rows.room(words.words.length);
    readNumbers(bytes, numbers, end, rows.values, at, name, lines.where);
    words.add(bytes.subarray(line.from, wordEnd(bytes, line.from, numbers)), lines.where);
  }
  const read = words.words.length + words.duplicates.length;
  if (header && read < promised && words.words.length < limit)
    throw fileInvalid(
      name,
      lines.where(),
      `the first line says ${promised} words, but only ${read} follow`,
      COPY_AGAIN,
    );
  if (!header && read === 0) throw fileInvalid(name, 'line 1', 'the file is empty', COPY_AGAIN);
  const vectors = new KeyedVectors({ words: words.words, size, values: rows.take(words.words.length) });
  return { vectors, format, duplicates: words.duplicates, replaced: words.replaced };
}

/** After an empty line only empty ones may come. */
async function expectEnd(lines: Lines, reader: ByteReader, name: string): Promise<void> {
  const { number } = lines;
  for (let line = await lines.next(); line; line = await lines.next())
    if (trimmedEnd(reader.bytes, line) > line.from)
      throw fileInvalid(name, `line ${number}`, 'it is empty, but more lines follow');
}

/** Where a line ends without the spaces that word2vec.c and fastText write after the last number. */
function trimmedEnd(bytes: Uint8Array, { from, to }: Line): number {
  let end = to;
  while (end > from && bytes[end - 1] === SPACE) end -= 1;
  return end;
}

/** Where the last `size` pieces between spaces begin; −1 where no word is before them. */
function numbersFrom(bytes: Uint8Array, from: number, end: number, size: number): number {
  let at = end;
  for (let piece = 0; piece < size; piece++) {
    while (at > from && bytes[at - 1] !== SPACE) at -= 1;
    if (at === from) return -1;
    if (piece < size - 1) while (at > from && bytes[at - 1] === SPACE) at -= 1;
  }
  return at;
}

/** Where the word before the numbers ends: one space is no part of it, nor are more. */
function wordEnd(bytes: Uint8Array, from: number, numbers: number): number {
  let end = numbers;
  while (end > from && bytes[end - 1] === SPACE) end -= 1;
  return end;
}

/** Whether the word ends in what reads as one number of a longer vector: `the 0.418`. */
function looksCut(bytes: Uint8Array, from: number, numbers: number): boolean {
  const end = wordEnd(bytes, from, numbers);
  const space = bytes.lastIndexOf(SPACE, end - 1);
  return space > from && end - space < 30 && fraction.test(latin1(bytes.subarray(space + 1, end)));
}

function wrongCount(reader: ByteReader, name: string, lines: Lines, from: number, end: number, size: number): Error {
  let numbers = 0;
  for (let at = from + 1; at < end; at++)
    if (reader.bytes[at] === SPACE && reader.bytes[at - 1] !== SPACE) numbers += 1;
  const mend = numbers < size ? COPY_AGAIN : 'Where words have spaces, say how many numbers there are: size.';
  return fileInvalid(
    name,
    lines.where(),
    `the word is followed by ${counted(numbers, 'number')}, but ${size} were expected`,
    mend,
  );
}

function readNumbers(
  bytes: Uint8Array,
  from: number,
  end: number,
  values: Float32Array,
  at: number,
  name: string,
  where: () => string,
): void {
  let start = from;
  let index = at;
  while (start < end) {
    let to = start;
    while (to < end && bytes[to] !== SPACE) to += 1;
    values[index] = parseNumber(bytes, start, to);
    if (!Number.isFinite(values[index])) {
      const given = JSON.stringify(latin1(bytes.subarray(start, Math.min(to, start + 40))));
      throw fileInvalid(name, where(), `number ${index - at + 1} is ${given}, not a finite number of float32`);
    }
    index += 1;
    while (to < end && bytes[to] === SPACE) to += 1;
    start = to;
  }
}
