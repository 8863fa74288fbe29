// The safetensors format: named tensors with a JSON header; reading it runs no code and trusts nothing.
import { counted } from '../counted.ts';
import { UnrolledError } from '../errors.ts';
import { describe } from '../options.ts';
import { duplicateKey } from './duplicate-key.ts';

/** Numbers of a stored tensor; the class is the stored type: F32, F64 or I32. */
export type StoredValues = Float32Array | Float64Array | Int32Array;

/** A tensor in a file. */
export interface StoredTensor {
  /** Sizes, outermost first; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Row-major values; its length is the product of `shape`. */
  readonly data: StoredValues;
}

/** What a safetensors file holds. */
export interface TensorFile {
  /** By name, in the order of names (UTF-16 units). */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Texts by name, from `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
}

const METADATA = '__metadata__';
/** Bytes before the header: its length as an unsigned 64-bit integer. */
const PREFIX = 8;
/** As the reference implementation has it. */
const LARGEST_HEADER = 100_000_000;

interface Type {
  readonly name: string;
  readonly bytes: 4 | 8;
  readonly create: (length: number) => StoredValues;
  readonly read: (view: DataView, at: number) => number;
  readonly write: (view: DataView, at: number, value: number) => void;
}

const types: readonly Type[] = [
  {
    name: 'F64',
    bytes: 8,
    create: (length) => new Float64Array(length),
    read: (view, at) => view.getFloat64(at, true),
    write: (view, at, value) => view.setFloat64(at, value, true),
  },
  {
    name: 'F32',
    bytes: 4,
    create: (length) => new Float32Array(length),
    read: (view, at) => view.getFloat32(at, true),
    write: (view, at, value) => view.setFloat32(at, value, true),
  },
  {
    name: 'I32',
    bytes: 4,
    create: (length) => new Int32Array(length),
    read: (view, at) => view.getInt32(at, true),
    write: (view, at, value) => view.setInt32(at, value, true),
  },
];

function typeOf(data: StoredValues): Type {
  const name = data instanceof Float64Array ? 'F64' : data instanceof Float32Array ? 'F32' : 'I32';
  return types.find((type) => type.name === name) as Type;
}

/**
 * Tensors as the bytes of a safetensors file. The same tensors give the same bytes in whatever order they come: the header is
 * sorted by name and padded with spaces to 8 bytes; float64 tensors lie before 4-byte ones, so each is aligned.
 *
 * Source: the format of github.com/huggingface/safetensors, README.
 *
 * @param tensors - pairs of name and tensor: a Map, or `Object.entries`.
 * @throws UnrolledError `TENSOR_INVALID` for a name given twice or reserved, or a shape that doesn't fit its data
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = [...tensors].map(([name, { shape, data }]) => ({ name, shape, data, type: typeOf(data), begin: 0 }));
  entries.sort((a, b) => compare(a.name, b.name));
  entries.forEach((entry, i) => {
    checkEntry(entry.name, entry.shape, entry.data, entries[i - 1]?.name);
  });
  let size = 0;
  for (const entry of [...entries].sort((a, b) => b.type.bytes - a.type.bytes)) {
    entry.begin = size;
    size += entry.data.length * entry.type.bytes;
  }
  const fields = entries.map(({ name, shape, type, data, begin }) =>
    field(name, { dtype: type.name, shape, data_offsets: [begin, begin + data.length * type.bytes] }),
  );
  const texts = Object.keys(metadata).sort(compare);
  if (texts.length > 0) fields.unshift(`"${METADATA}":{${texts.map((key) => field(key, metadata[key])).join(',')}}`);
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  const start = PREFIX + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(start + size).fill(0x20, PREFIX, start);
  file.set(json, PREFIX);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(start - PREFIX), true);
  for (const { data, type, begin } of entries)
    for (let i = 0; i < data.length; i++) type.write(view, start + begin + i * type.bytes, data[i] as number);
  return file;
}

/** By UTF-16 units, the same everywhere. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const field = (name: string, value: unknown) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;

function checkEntry(name: string, shape: readonly number[], data: StoredValues, before: string | undefined): void {
  const refuse = (problem: string, mend: string) => {
    throw new UnrolledError('TENSOR_INVALID', `Tensor "${name}" ${problem}.`, { mend, data: { name, shape } });
  };
  if (name === METADATA) refuse('has a name that the safetensors format reserves', 'Give it another.');
  if (name === before) refuse('is given twice', 'Give each tensor a name of its own.');
  if (countOf(shape) !== data.length)
    refuse(
      `has shape [${shape.join(', ')}], which doesn't fit its ${counted(data.length, 'number')}`,
      'Give as many numbers as the sizes multiply to.',
    );
}

/** The product of sizes; undefined where one isn't a whole number or the product isn't exact. */
function countOf(shape: readonly unknown[]): number | undefined {
  let count = 1;
  for (const size of shape) {
    if (!isCount(size)) return undefined;
    count *= size;
  }
  return isCount(count) ? count : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Reads the bytes of a safetensors file. Every claim of the header is checked before anything is read: sizes, bounds,
 * types, overlaps, gaps, names given twice, bytes left over.
 *
 * @throws UnrolledError `MODEL_CORRUPT`, which says what is wrong
 */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  const { json, start } = readHeader(bytes);
  const header = parseHeader(json);
  const metadata = new Map<string, string>();
  const claims: Claim[] = [];
  for (const [name, value] of Object.entries(header))
    if (name === METADATA) readMetadata(value, metadata);
    else claims.push(readClaim(name, value));
  checkCover(claims, bytes.length - start);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  claims.sort((a, b) => compare(a.name, b.name));
  return { tensors: new Map(claims.map((claim) => [claim.name, readTensor(view, claim)])), metadata };
}

function corrupt(problem: string, data: Readonly<Record<string, unknown>> = {}, cause?: unknown): UnrolledError {
  return new UnrolledError('MODEL_CORRUPT', `This safetensors file is damaged: ${problem}.`, {
    mend: 'Copy it again from where it was saved, or save it again.',
    data,
    cause,
  });
}

function readHeader(bytes: Uint8Array): { json: string; start: number } {
  if (bytes.length < PREFIX)
    throw corrupt(`it has ${counted(bytes.length, 'byte')}, fewer than the 8 of its header's length`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getUint32(4, true) * 4294967296 + view.getUint32(0, true);
  if (length > LARGEST_HEADER)
    throw corrupt(`its header claims ${length} bytes; at most ${LARGEST_HEADER} are allowed`);
  if (length > bytes.length - PREFIX)
    throw corrupt(`its header claims ${counted(length, 'byte')}, but only ${bytes.length - PREFIX} follow`);
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { json: decoder.decode(bytes.subarray(PREFIX, PREFIX + length)), start: PREFIX + length };
  } catch (cause) {
    throw corrupt('its header is not UTF-8', {}, cause);
  }
}

function parseHeader(json: string): object {
  if (!json.startsWith('{')) throw corrupt('its header does not begin with {');
  let header: unknown;
  try {
    header = JSON.parse(json);
  } catch (cause) {
    throw corrupt('its header is not JSON', {}, cause);
  }
  const twice = duplicateKey(json);
  if (twice !== undefined) throw corrupt(`its header gives "${twice}" twice`, { name: twice });
  return header as object;
}

function readMetadata(value: unknown, metadata: Map<string, string>): void {
  if (!isObject(value)) throw corrupt(`its ${METADATA} is not an object`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw corrupt(`"${key}" of its ${METADATA} is not a text`, { name: key });
    metadata.set(key, text);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the header says of one tensor. */
interface Claim {
  readonly name: string;
  readonly type: Type;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readClaim(name: string, value: unknown): Claim {
  const refuse = (problem: string) => corrupt(`tensor "${name}" ${problem}`, { name });
  if (!isObject(value)) throw refuse('is not described by an object');
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  const type = types.find((candidate) => candidate.name === dtype);
  if (!type) throw refuse(`has the type ${describe(dtype)}; F32, F64 and I32 can be read`);
  const count = Array.isArray(shape) ? countOf(shape) : undefined;
  if (count === undefined) throw refuse('has a shape that is not a list of whole numbers');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw refuse('has data_offsets that are not two whole numbers');
  const [begin, end] = offsets as [number, number];
  if (end - begin !== count * type.bytes)
    throw refuse(
      `has shape [${(shape as number[]).join(', ')}] of ${type.name}, ${count * type.bytes} bytes, but data_offsets ${begin} to ${end}`,
    );
  return { name, type, shape: shape as number[], begin, end };
}

/** Tensors must lie end to end and fill the file. */
function checkCover(claims: readonly Claim[], size: number): void {
  let reached = 0;
  let before = '';
  for (const { name, begin, end } of [...claims].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < reached) throw corrupt(`tensor "${name}" overlaps tensor "${before}"`, { name });
    if (begin > reached) throw corrupt(`${begin - reached} bytes before tensor "${name}" belong to none`, { name });
    if (end > size)
      throw corrupt(`tensor "${name}" ends at byte ${end} of its ${counted(size, 'byte')} of data`, { name });
    reached = end;
    before = name;
  }
  if (reached < size) throw corrupt(`${counted(size - reached, 'byte')} left over after the last tensor`);
}

function readTensor(view: DataView, { type, shape, begin, end }: Claim): StoredTensor {
  const data = type.create((end - begin) / type.bytes);
  for (let i = 0; i < data.length; i++) data[i] = type.read(view, begin + i * type.bytes);
  return { shape, data };
}
