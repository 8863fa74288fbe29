// Opens a file of word vectors: its flags, a line of progress, and what was let pass.
import { resolve } from 'node:path';
import type { KeyedVectors, VectorFormat } from '@unrolled/word-vectors';
import { loadWordVectors } from '@unrolled/word-vectors/node';
import type { Context } from './context.ts';
import type { Flag } from './flags/flag.ts';
import { defined } from './flags/run-flags.ts';
import { kindOf } from './read/bytes.ts';
import { count, counted } from './show/number.ts';
import { usageError } from './usage.ts';

const FORMATS: readonly VectorFormat[] = ['word2vec-text', 'word2vec-binary', 'glove', 'fasttext', 'safetensors'];

/** Flags of every command that reads vectors. */
export const VECTOR_FLAGS: readonly Flag[] = [
  { name: 'limit', value: 'N', description: 'read only the first N words, by custom the most frequent' },
  { name: 'input-format', value: FORMATS.join('|'), description: 'where the first bytes of the file do not say it' },
  { name: 'size', value: 'N', description: 'numbers in each vector, for glove where words have spaces' },
  { name: 'lenient', description: 'keep the first of words that come again, put U+FFFD for bytes that are not UTF-8' },
];

/** The vectors in the file at `path`. @throws what `loadWordVectors` throws, and `FILE_MISSING` */
export async function openVectors(path: string, { io, values, output }: Context): Promise<KeyedVectors> {
  if ((await kindOf(path, io)) !== 'file')
    throw usageError('ARGUMENT_INVALID', `${path} is no file of vectors.`, 'Give the path of a file.');
  const lenient = values.flag('lenient') === true;
  const { vectors, format, duplicates, replaced } = await loadWordVectors(resolve(io.cwd, path), {
    name: path,
    ...defined({
      limit: values.integer('limit', 1),
      size: values.integer('size', 1),
      format: values.choice('input-format', FORMATS),
    }),
    ...(lenient && { duplicates: 'first', invalidText: 'replace' }),
    signal: io.signal,
    onProgress: ({ words }) => output.showBar(`${path}: ${count(words)} words`),
  });
  output.hideBar();
  const passed = lenient
    ? `; ${count(duplicates.length)} repeated and left out, ${count(replaced.length)} not UTF-8`
    : '';
  output.note(`${path}: ${counted(vectors.words.length, 'word')} of ${vectors.size} numbers, ${format}${passed}`);
  return vectors;
}
