// Vectors as safetensors, the one format that holds all there is: words, counts and n-grams.
import {
  counted,
  decodeSafetensors,
  describe,
  encodeSafetensors,
  isUnrolledError,
  type StoredTensor,
  UnrolledError,
} from '@unrolled/core';
import { KeyedVectors } from '../keyed-vectors.ts';
import type { Subwords } from '../subwords.ts';
import type { ByteReader } from './byte-reader.ts';
import { COPY_AGAIN } from './problem.ts';
import type { LoadedVectors } from './read-options.ts';
import type { WordOptions } from './rows.ts';

const FORMAT = 'unrolled-word-vectors';
const VECTORS = 'vectors';
const COUNTS = 'counts';
const SUBWORDS = 'subwords';

/**
 * The bytes of a file with the tensor `vectors` `[words, size]`, `counts` `[words]` where they are known, `subwords`
 * `[buckets, size]` where there are any, and the words as a JSON list under `words` of the metadata.
 */
export function encodeVectors({ words, size, values, counts, subwords }: KeyedVectors): Uint8Array<ArrayBuffer> {
  const tensors: [string, StoredTensor][] = [[VECTORS, { shape: [words.length, size], data: values }]];
  const metadata: Record<string, string> = { format: FORMAT, words: JSON.stringify(words) };
  if (counts) tensors.push([COUNTS, { shape: [words.length], data: Float64Array.from(counts) }]);
  if (subwords) {
    const { minimum, maximum, values: data } = subwords;
    tensors.push([SUBWORDS, { shape: [data.length / size, size], data }]);
    metadata.subwords = JSON.stringify({ minimum, maximum });
  }
  return encodeSafetensors(tensors, metadata);
}

/** Reads such a file. All of it is held in memory. @throws UnrolledError `VECTOR_FILE_INVALID` */
export async function readSafetensors(
  reader: ByteReader,
  { name, format, limit }: WordOptions,
): Promise<LoadedVectors> {
  while (await reader.more());
  const invalid = (problem: string, cause?: unknown) =>
    new UnrolledError('VECTOR_FILE_INVALID', `${name}: ${problem}`.replace(/\.?$/, '.'), { mend: COPY_AGAIN, cause });
  try {
    const { tensors, metadata } = decodeSafetensors(reader.bytes.subarray(reader.start, reader.end));
    const stored = tensors.get(VECTORS);
    const words = listOf(metadata.get('words'));
    if (!stored || !(stored.data instanceof Float32Array) || stored.shape.length !== 2)
      throw invalid(`it has no matrix "${VECTORS}" of float32, but ${[...tensors.keys()].join(', ') || 'no tensors'}`);
    if (!words) throw invalid('its metadata have no list "words"');
    const [rows = 0, size = 0] = stored.shape;
    if (rows !== words.length)
      throw invalid(`it has ${counted(words.length, 'word')}, but ${counted(rows, 'row')} of vectors`);
    const kept = Math.min(limit, rows);
    const counts = tensors.get(COUNTS);
    const vectors = new KeyedVectors({
      words: words.slice(0, kept),
      size,
      values: kept < rows ? stored.data.slice(0, kept * size) : stored.data,
      counts: counts && Array.from(counts.data.subarray(0, kept)),
      subwords: subwordsOf(tensors.get(SUBWORDS), metadata.get('subwords'), size),
    });
    return { vectors, format, duplicates: [], replaced: [] };
  } catch (cause) {
    if (isUnrolledError(cause) && cause.code !== 'VECTOR_FILE_INVALID') throw invalid(cause.message, cause);
    throw cause;
  }
}

function listOf(json: string | undefined): readonly string[] | undefined {
  const list = parse(json);
  return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined;
}

function subwordsOf(tensor: StoredTensor | undefined, json: string | undefined, size: number): Subwords | undefined {
  if (!tensor) return undefined;
  const { minimum, maximum } = (parse(json) ?? {}) as Partial<Record<'minimum' | 'maximum', number>>;
  if (
    typeof minimum === 'number' &&
    typeof maximum === 'number' &&
    tensor.data instanceof Float32Array &&
    tensor.shape[1] === size
  )
    return { minimum, maximum, values: tensor.data };
  throw new UnrolledError(
    'VECTORS_INVALID',
    `Its n-grams have shape ${describe(tensor.shape.join(' × '))}, lengths ${minimum} to ${maximum}.`,
    { mend: 'Have the file written again by this package.' },
  );
}

function parse(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}
