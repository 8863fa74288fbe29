// Where trained vectors are saved: one file, in the format of its ending, and beside it the checkpoint of the run, FILE.checkpoint.
import { access, constants, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { isUnrolledError, UnrolledError } from '@unrolled/core';
import type { KeyedVectors, WrittenFormat } from '@unrolled/word-vectors';
import { saveWordVectors } from '@unrolled/word-vectors/node';
import type { Context } from './context.ts';
import type { Flag } from './flags/flag.ts';
import { usageError } from './usage.ts';

const FORMATS: readonly WrittenFormat[] = ['word2vec-text', 'word2vec-binary', 'glove', 'safetensors'];

/** Formats by the ending of a file. */
const ENDINGS: ReadonlyMap<string, WrittenFormat> = new Map([
  ['.txt', 'word2vec-text'],
  ['.vec', 'word2vec-text'],
  ['.bin', 'word2vec-binary'],
  ['.safetensors', 'safetensors'],
]);

/** Flags about saving vectors. */
export const VECTORS_PLACE_FLAGS: readonly Flag[] = [
  { name: 'output', value: 'FILE', description: 'where the vectors go; needed' },
  {
    name: 'format',
    value: FORMATS.join('|'),
    description: 'where the ending does not say it: .txt and .vec, .bin, .safetensors',
  },
  { name: 'overwrite', description: 'replace the file if it is there' },
  {
    name: 'resume',
    description: 'go on with the run that was stopped or killed, or with more --epochs; --no-resume forgets it',
  },
  { name: 'checkpoint', description: 'keep FILE.checkpoint when all is done, which only further training needs' },
];

/** Where vectors are saved. */
export interface VectorsPlace {
  /** The file, as it was named. */
  readonly file: string;
  /** The checkpoint to go on from. */
  readonly resume: Uint8Array | undefined;
  /** Writes the vectors in place of what was there. @param finished - whether the run is over */
  readonly save: (vectors: KeyedVectors, finished: boolean) => Promise<void>;
  /** Writes a checkpoint in place of the last one. */
  readonly keep: (checkpoint: Uint8Array) => Promise<void>;
}

/**
 * Looks at what is there before anything is computed.
 * @throws UnrolledError `FLAG_INVALID`, `FOLDER_MISSING`, `VECTOR_FILE_UNWRITABLE`, `FILE_EXISTS`, or `CHECKPOINT_EXISTS` where a
 *   killed run left one and --resume was not said
 */
export async function openVectorsPlace({ values, io, output }: Context): Promise<VectorsPlace> {
  const file = values.text('output');
  if (!file)
    throw usageError('FLAG_INVALID', '--output is missing.', 'Say where the vectors go: --output vectors.txt.');
  const format = values.choice('format', FORMATS) ?? formatOf(file);
  const path = resolve(io.cwd, file);
  const checkpoint = `${path}.checkpoint`;
  const asked = values.flag('resume');
  const left = asked === false ? undefined : await readIfThere(checkpoint, file);
  if (left && asked === undefined)
    throw new UnrolledError('CHECKPOINT_EXISTS', `${file}.checkpoint holds a run to go on with.`, {
      mend: 'Add --resume to go on with it, or --no-resume to forget it and start afresh.',
      data: { path: checkpoint },
    });
  if (asked && !left) output.note(`There is no ${file}.checkpoint yet; the run starts afresh.`);
  await checkPlace(path, file, left !== undefined || values.flag('overwrite') === true);
  return {
    file,
    resume: left,
    keep: (bytes) => replaceFile(checkpoint, bytes, `${file}.checkpoint`),
    save: async (vectors, finished) => {
      try {
        await saveWordVectors(path, vectors, format);
      } catch (error) {
        throw isUnrolledError(error, 'WORD_UNWRITABLE') ? otherFormat(error, file) : error;
      }
      if (finished && !values.flag('checkpoint')) await rm(checkpoint, { force: true });
    },
  };
}

function formatOf(file: string): WrittenFormat {
  const format = ENDINGS.get(extname(file).toLowerCase());
  if (format) return format;
  throw usageError(
    'FLAG_INVALID',
    `--output ${file} has no ending that says a format.`,
    `End it in ${[...ENDINGS.keys()].join(', ')}, or add --format ${FORMATS.join('|')}.`,
  );
}

/** Refuses a place where saving would fail, before hours are spent. */
async function checkPlace(path: string, file: string, mayReplace: boolean): Promise<void> {
  const folder = dirname(path);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new UnrolledError('FOLDER_MISSING', `There is no folder ${folder} for ${file}.`, {
      mend: 'Make it, or name another with --output.',
      data: { path: folder },
    });
  await access(folder, constants.W_OK).catch((cause: Error) => {
    throw unwritable(file, cause);
  });
  const found = await stat(path).catch(() => undefined);
  if (!found || (found.isFile() && mayReplace)) return;
  const mend = found.isFile() ? 'Add --overwrite to replace it, or' : 'Please';
  throw new UnrolledError('FILE_EXISTS', `${file} is there already${found.isFile() ? '' : ' and is no file'}.`, {
    mend: `${mend} name another with --output.`,
    data: { path },
  });
}

async function readIfThere(path: string, file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UnrolledError('FILE_UNREADABLE', `${file}.checkpoint cannot be read: ${message}.`, {
      mend: 'Add --no-resume to start without it.',
      cause,
    });
  }
}

/** Writes a file beside and renames it, so that a reader finds the old one or the new one whole. */
async function replaceFile(path: string, bytes: Uint8Array, file: string): Promise<void> {
  const partial = `${path}.partial`;
  try {
    const handle = await open(partial, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw unwritable(file, cause as Error);
  }
}

function unwritable(file: string, cause: Error): UnrolledError {
  return new UnrolledError('VECTOR_FILE_UNWRITABLE', `${file} can't be written: ${cause.message}.`, {
    mend: 'Make room, or name another place with --output.',
    cause,
  });
}

/** The training is not lost: the checkpoint holds it. */
function otherFormat(error: UnrolledError, file: string): UnrolledError {
  const message = error.mend ? error.message.slice(0, -error.mend.length - 1) : error.message;
  return new UnrolledError(error.code, message, {
    mend: `What was learned is in ${file}.checkpoint: add --resume --format safetensors to the same line.`,
    data: error.data,
    cause: error,
  });
}
