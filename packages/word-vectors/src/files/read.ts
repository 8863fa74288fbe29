// Reads vectors in any of the formats from a stream of bytes.
import { UnrolledError } from '@unrolled/core';
import { checkWhole } from '../check-whole.ts';
import { readWord2vecBinary } from './binary.ts';
import { ByteReader } from './byte-reader.ts';
import { detectFormat } from './detect.ts';
import { readFasttext } from './fasttext.ts';
import type { LoadedVectors, ReadOptions, VectorFormat } from './read-options.ts';
import { type WordOptions, Words } from './rows.ts';
import { readSafetensors } from './safetensors.ts';
import { type ByteSource, decompressed, piecesOf } from './source.ts';
import { readGlove, readWord2vecText } from './text.ts';

type Reader = (reader: ByteReader, options: WordOptions, words: Words) => Promise<LoadedVectors>;

const readers: Readonly<Record<VectorFormat, Reader>> = {
  'word2vec-text': readWord2vecText,
  'word2vec-binary': readWord2vecBinary,
  glove: readGlove,
  fasttext: readFasttext,
  safetensors: readSafetensors,
};

/**
 * Reads vectors, compressed by gzip or not. Beyond the vectors themselves no more is held than a piece and a row, save for
 * `safetensors`, of which all bytes are. Nothing is left out silently: a file that is not as it says is an error with its
 * line or byte.
 *
 * @throws UnrolledError `VECTOR_FILE_INVALID`, `WORD_REPEATED`, `WORD_NOT_UTF8`, `VECTOR_FILE_UNSUPPORTED`,
 * `VECTOR_FORMAT_UNKNOWN`, `SOURCE_INVALID`, `OPTION_INVALID`; what the source throws, and what `signal` was aborted with, as they are
 */
export async function readWordVectors(source: ByteSource, options: ReadOptions = {}): Promise<LoadedVectors> {
  const { signal, onProgress, name = 'The file of vectors', byteLength } = options;
  const settings = {
    ...wordOptions(options),
    name,
    byteLength: source instanceof Uint8Array ? source.length : byteLength,
  };
  signal?.throwIfAborted();
  const words = new Words(settings);
  const onBytes = (bytes: number) => onProgress?.({ bytes, words: words.words.length });
  const reader = new ByteReader(decompressed(piecesOf(source), name), { signal, onBytes });
  try {
    const format = options.format ?? (await detectFormat(reader, name));
    return await readers[format](reader, { ...settings, format }, words);
  } finally {
    await reader.close();
  }
}

function wordOptions(options: ReadOptions): Omit<WordOptions, 'name' | 'byteLength'> {
  const { format = 'glove', limit = Infinity, size, invalidText = 'refuse', duplicates = 'refuse' } = options;
  if (limit !== Infinity) checkWhole('limit', limit);
  if (size !== undefined) checkWhole('size', size);
  checkChoice('format', format, Object.keys(readers));
  checkChoice('invalidText', invalidText, ['refuse', 'replace']);
  checkChoice('duplicates', duplicates, ['refuse', 'first']);
  return { format, limit, size, invalidText, duplicates };
}

function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new UnrolledError(
    'OPTION_INVALID',
    `Option "${name}" must be one of ${choices.join(', ')}, but "${value}" was given.`,
    { mend: 'Correct it, or leave it out for the default.' },
  );
}
