// fastText's .bin: arguments, dictionary, and a matrix of words and of buckets for character n-grams.
// Source: args.cc, dictionary.cc, matrix.cc and fasttext.cc of github.com/facebookresearch/fastText, version 12 of the format.
import { counted } from '@unrolled/core';
import { KeyedVectors } from '../keyed-vectors.ts';
import { addRow, bucketsOfBytes, type Subwords } from '../subwords.ts';
import { readFloats } from './binary.ts';
import type { ByteReader } from './byte-reader.ts';
import { LARGEST_SIZE } from './header.ts';
import { COPY_AGAIN, fileInvalid, fileUnsupported } from './problem.ts';
import type { LoadedVectors } from './read-options.ts';
import { Rows, type WordOptions, type Words } from './rows.ts';

/** The first four bytes. */
export const FASTTEXT_MAGIC = 793712314;
const VERSION = 12;
/** The word that ends a sentence; it has no n-grams. */
const END_OF_SENTENCE = '</s>';
/** Of `model` among the arguments. */
const SUPERVISED = 3;
const LONGEST_WORD = 1 << 16;

const integers = 'dim ws epoch minCount neg wordNgrams loss model bucket minn maxn lrUpdateRate'.split(' ');

/** Reads the input matrix; what comes after it is left. @throws UnrolledError `VECTOR_FILE_INVALID`, `VECTOR_FILE_UNSUPPORTED` */
export async function readFasttext(reader: ByteReader, options: WordOptions, words: Words): Promise<LoadedVectors> {
  const file = new Fields(reader, options.name);
  const version = await readVersion(file);
  const args = await readArguments(file, version);
  const { size, minimum, maximum, buckets } = checkArguments(file, args);
  const { kept, count, labels, tokens, counts, texts } = await readDictionary(file, options, words);
  const places = await readPlace(file, count, buckets, size);
  const { values, subwordValues } = await readMatrix(file, places, { ...options, size, kept, count, words });
  const subwords = maximum > 0 && places.buckets > 0 ? { minimum, maximum, values: subwordValues } : undefined;
  if (subwords) addSubwords(words.words, texts, values, { ...subwords, size });
  return {
    vectors: new KeyedVectors({ words: words.words, size, values, counts, subwords }),
    format: options.format,
    duplicates: words.duplicates,
    replaced: words.replaced,
    fasttext: { arguments: args, tokens, labels },
  };
}

/** Numbers of fixed width, one after the other. */
class Fields {
  readonly reader: ByteReader;
  readonly name: string;

  constructor(reader: ByteReader, name: string) {
    this.reader = reader;
    this.name = name;
  }

  invalid(problem: string, mend?: string): Error {
    return fileInvalid(this.name, `byte ${this.reader.offset}`, problem, mend);
  }

  async need(bytes: number, what: string): Promise<void> {
    if (this.reader.held < bytes && !(await this.reader.hold(bytes)))
      throw this.invalid(`it ends within ${what}`, COPY_AGAIN);
  }

  async int32(what: string): Promise<number> {
    await this.need(4, what);
    const value = this.reader.view.getInt32(this.reader.start, true);
    this.reader.start += 4;
    return value;
  }

  async int64(what: string): Promise<number> {
    await this.need(8, what);
    const value = Number(this.reader.view.getBigInt64(this.reader.start, true));
    this.reader.start += 8;
    return value;
  }

  async float64(what: string): Promise<number> {
    await this.need(8, what);
    const value = this.reader.view.getFloat64(this.reader.start, true);
    this.reader.start += 8;
    return value;
  }

  async byte(what: string): Promise<number> {
    await this.need(1, what);
    return this.reader.bytes[this.reader.start++] as number;
  }
}

async function readVersion(file: Fields): Promise<number> {
  if ((await file.int32('its mark')) !== FASTTEXT_MAGIC)
    throw file.invalid('it does not begin as a .bin of fastText does');
  const version = await file.int32('its version');
  if (version !== VERSION && version !== VERSION - 1)
    throw file.invalid(`it has version ${version}; versions ${VERSION - 1} and ${VERSION} are read`);
  return version;
}

async function readArguments(file: Fields, version: number): Promise<Readonly<Record<string, number>>> {
  const args: Record<string, number> = {};
  for (const name of integers) args[name] = await file.int32('its arguments');
  args.t = await file.float64('its arguments');
  // As fastText itself: supervised models had no character n-grams before version 12.
  if (version < VERSION && args.model === SUPERVISED) args.maxn = 0;
  return args;
}

interface Sizes {
  readonly size: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly buckets: number;
}

function checkArguments(file: Fields, { dim = 0, minn = 0, maxn = 0, bucket = 0 }: Record<string, number>): Sizes {
  if (dim < 1 || dim > LARGEST_SIZE)
    throw file.invalid(`it says that vectors have ${dim} numbers; they have 1 to ${LARGEST_SIZE}`);
  if (minn < 0 || maxn < 0 || bucket < 0 || (maxn > 0 && maxn < minn))
    throw file.invalid(`it says that n-grams are ${minn} to ${maxn} long and have ${bucket} buckets`);
  return { size: dim, minimum: Math.max(minn, 1), maximum: maxn, buckets: bucket };
}

interface Dictionary {
  /** Whether each row of the matrix is a word that is kept. */
  readonly kept: readonly boolean[];
  /** Words with rows. */
  readonly count: number;
  readonly labels: readonly string[];
  readonly tokens: number;
  readonly counts: readonly number[];
  /** The bytes of words that are not UTF-8, by word: their n-grams are of these. */
  readonly texts: ReadonlyMap<string, Uint8Array>;
}

async function readDictionary(file: Fields, { limit }: WordOptions, words: Words): Promise<Dictionary> {
  const what = 'its dictionary';
  const [size, count, labelCount] = [await file.int32(what), await file.int32(what), await file.int32(what)];
  if (count < 0 || labelCount < 0 || size !== count + labelCount)
    throw file.invalid(
      `its dictionary says ${size} entries, but ${counted(count, 'word')} and ${counted(labelCount, 'label')}`,
    );
  const tokens = await file.int64(what);
  if ((await file.int64(what)) >= 0)
    throw fileUnsupported(file.name, 'it was made smaller (quantised), its n-grams pruned');
  const [kept, counts, labels]: [boolean[], number[], string[]] = [[], [], []];
  const texts = new Map<string, Uint8Array>();
  for (let entry = 0; entry < size; entry++) {
    const where = `byte ${file.reader.offset} (entry ${entry + 1})`;
    const length = await textLength(file);
    const { bytes, start, view } = file.reader;
    const text = bytes.subarray(start, start + length);
    const seen = Number(view.getBigInt64(start + length + 1, true));
    const isLabel = bytes[start + length + 9] === 1;
    file.reader.start += length + 10;
    if (seen < 0) throw file.invalid(`entry ${entry + 1} of its dictionary was seen ${seen} times`);
    if (isLabel !== entry >= count)
      throw file.invalid(`entry ${entry + 1} of its dictionary is no ${isLabel ? 'word' : 'label'}`);
    if (isLabel) labels.push(words.decode(text, () => where));
    else {
      const replaced = words.replaced.length;
      const keep = words.words.length < limit && words.add(text, () => where);
      if (keep) counts.push(seen);
      if (keep && words.replaced.length > replaced) texts.set(words.words.at(-1) as string, text.slice());
      kept.push(keep);
    }
  }
  return { kept, count, labels, tokens, counts, texts };
}

/** Bytes before the next 0; what belongs to the entry is held then. */
async function textLength(file: Fields): Promise<number> {
  const { reader } = file;
  for (let looked = 0; ; ) {
    const zero = reader.bytes.indexOf(0, reader.start + looked);
    if (zero >= 0 && zero < reader.end) {
      const length = zero - reader.start;
      await file.need(length + 10, 'its dictionary');
      return length;
    }
    looked = reader.held;
    if (looked > LONGEST_WORD) throw file.invalid(`a word of its dictionary doesn't end within ${LONGEST_WORD} bytes`);
    await file.need(looked + 1, 'its dictionary');
  }
}

/** Where words and buckets are in the matrix. */
async function readPlace(file: Fields, words: number, buckets: number, size: number): Promise<{ buckets: number }> {
  if ((await file.byte('its matrix')) !== 0) throw fileUnsupported(file.name, 'its matrix is quantised');
  const [rows, columns] = [await file.int64('its matrix'), await file.int64('its matrix')];
  if (columns !== size)
    throw file.invalid(`its matrix has ${counted(columns, 'column')}, but vectors have ${counted(size, 'number')}`);
  // gensim writes no buckets where there are no n-grams, whatever the argument says.
  if (rows !== words + buckets && rows !== words)
    throw file.invalid(
      `its matrix has ${counted(rows, 'row')}, but there are ${counted(words, 'word')} and ${counted(buckets, 'bucket')}`,
    );
  return { buckets: rows - words };
}

interface MatrixOptions extends Omit<WordOptions, 'size'>, Pick<Dictionary, 'kept' | 'count'> {
  readonly size: number;
  readonly words: Words;
}

async function readMatrix(
  file: Fields,
  { buckets }: { readonly buckets: number },
  { size, kept, count, byteLength, words }: MatrixOptions,
): Promise<{ values: Float32Array; subwordValues: Float32Array }> {
  const wordRows = new Rows({ size, rows: words.words.length, byteLength, reader: file.reader });
  const bucketRows = new Rows({ size, rows: buckets, byteLength, reader: file.reader });
  let row = 0;
  for (let index = 0; index < count + buckets; index++) {
    await file.need(4 * size, `row ${index + 1} of the ${count + buckets} of its matrix`);
    const isWord = index < count;
    if (!isWord || kept[index]) {
      const rows = isWord ? wordRows : bucketRows;
      const at = rows.room(isWord ? row++ : index - count);
      readFloats(file.reader, file.reader.start, rows.values, at, size, (column, value) =>
        file.invalid(`number ${column + 1} of row ${index + 1} is ${value}, not a finite number`),
      );
    }
    file.reader.start += 4 * size;
  }
  return { values: wordRows.take(row), subwordValues: bucketRows.take(buckets) };
}

/** A word's vector is the mean of its own row and those of its n-grams. */
function addSubwords(
  words: readonly string[],
  texts: ReadonlyMap<string, Uint8Array>,
  values: Float32Array,
  { size, ...subwords }: Subwords & { readonly size: number },
): void {
  const encoder = new TextEncoder();
  const sum = new Float64Array(size);
  for (const [row, word] of words.entries()) {
    if (word === END_OF_SENTENCE) continue;
    const buckets = bucketsOfBytes(texts.get(word) ?? encoder.encode(word), subwords, subwords.values.length / size);
    sum.fill(0);
    addRow(sum, values, row);
    for (const bucket of buckets) addRow(sum, subwords.values, bucket);
    for (let i = 0; i < size; i++) values[row * size + i] = (sum[i] as number) / (buckets.length + 1);
  }
}
