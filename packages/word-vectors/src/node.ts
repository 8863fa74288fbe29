// The Node entry, @unrolled/word-vectors/node: vectors in files.
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { UnrolledError } from '@unrolled/core';
import { readWordVectors } from './files/read.ts';
import type { LoadedVectors, ReadOptions } from './files/read-options.ts';
import { type WrittenFormat, writeWordVectors } from './files/write.ts';
import type { KeyedVectors } from './keyed-vectors.ts';

/**
 * Reads the file at `path`, compressed by gzip or not.
 * @throws UnrolledError `VECTOR_FILE_MISSING`, `VECTOR_FILE_UNREADABLE`, and what `readWordVectors` throws
 */
export async function loadWordVectors(
  path: string | URL,
  options: Omit<ReadOptions, 'byteLength'> = {},
): Promise<LoadedVectors> {
  const file = pathOf(path);
  try {
    const { size } = await stat(file);
    return await readWordVectors(piecesOf(file), {
      name: file,
      byteLength: size,
      ...options,
    });
  } catch (cause) {
    throw systemError(cause, file, 'read');
  }
}

/**
 * Writes vectors to `path`, in place of what is there, once all are written.
 * @throws UnrolledError `WORD_UNWRITABLE`, `VECTOR_FILE_UNWRITABLE`
 */
export async function saveWordVectors(path: string | URL, vectors: KeyedVectors, format: WrittenFormat): Promise<void> {
  const file = pathOf(path);
  const pieces = writeWordVectors(vectors, format);
  const partial = `${file}.partial`;
  try {
    const handle = await open(partial, 'w');
    try {
      for (const piece of pieces) await handle.writeFile(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    throw systemError(cause, file, 'written');
  }
}

/** The bytes of a file, which is opened when the first are asked for: a reading that never begins leaves nothing open. */
async function* piecesOf(file: string): AsyncGenerator<Uint8Array, void, void> {
  yield* createReadStream(file, { highWaterMark: 1 << 20 });
}

function pathOf(path: string | URL): string {
  return path instanceof URL || path.startsWith('file:') ? fileURLToPath(path) : path;
}

/** An error of the system as one of ours; any other as it is. */
function systemError(cause: unknown, file: string, doing: 'read' | 'written'): unknown {
  const { code, syscall, message } = cause as NodeJS.ErrnoException;
  if (syscall === undefined) return cause;
  if (code === 'ENOENT' && doing === 'read')
    return new UnrolledError('VECTOR_FILE_MISSING', `There is no file ${file}.`, {
      mend: 'Give the path of one, from the working folder.',
      data: { path: file },
      cause,
    });
  const name = doing === 'read' ? 'VECTOR_FILE_UNREADABLE' : 'VECTOR_FILE_UNWRITABLE';
  return new UnrolledError(name, `${file} can't be ${doing}: ${message}.`, {
    mend: doing === 'read' ? 'See that it may be read by you.' : 'Make room, or name a place where you may write.',
    data: { path: file },
    cause,
  });
}
