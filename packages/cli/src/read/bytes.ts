// Opens what a path names: a file or stdin, as a stream of bytes, with errors that say what is there instead.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { nearest, UnrolledError } from '@unrolled/core';
import type { Io } from '../io.ts';

/** What a path names: stdin is written `-`. */
export type PathKind = 'stdin' | 'file' | 'folder';

/** Whether `path` is stdin, a file or a folder. @throws UnrolledError `FILE_MISSING` */
export async function kindOf(path: string, io: Io): Promise<PathKind> {
  if (path === '-') return 'stdin';
  const found = await stat(resolve(io.cwd, path)).catch(() => undefined);
  if (!found) throw await missingFile(path, io);
  return found.isDirectory() ? 'folder' : 'file';
}

/** The bytes of a file, or of stdin for `-`. @throws UnrolledError `FILE_MISSING`, `FILE_UNREADABLE` */
export async function* readBytes(path: string, io: Io): AsyncGenerator<Uint8Array, void, void> {
  const stream = path === '-' ? io.stdin : createReadStream(resolve(io.cwd, path));
  try {
    for await (const chunk of stream) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw await missingFile(path, io);
    if (code === undefined) throw cause;
    throw new UnrolledError('FILE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}.`, {
      mend: 'See that it may be read by you, or name a copy of it.',
      cause,
    });
  }
}

/** The error about a file that is not there, with the nearest name beside. */
export async function missingFile(path: string, io: Io): Promise<UnrolledError> {
  const full = resolve(io.cwd, path);
  const beside = await readdir(dirname(full)).catch(() => undefined);
  const near = beside && nearest(basename(full), beside);
  const mend =
    beside === undefined
      ? `There is no folder ${dirname(full)} either.`
      : near
        ? `Did you mean ${near}?`
        : `Paths start from ${io.cwd}.`;
  return new UnrolledError('FILE_MISSING', `There is no file ${path}.`, { mend, data: { path: full } });
}
