// Saves a model as a folder: written whole beside the place it goes to, then put there by a rename.
import { UnrolledError } from '../errors.ts';
import type { Files } from '../model/file-set.ts';
import { checkpointFolder, modelKind, vocabularyFile, weightsFile } from '../model/format.ts';
import { type NodeModules, nodeModules } from './builtin.ts';
import { type ModelPlace, namesIn, placeOfModel } from './model-place.ts';
import { codeOf, makeFolders, syncFolder, writeFiles } from './write-files.ts';

/** What a model folder may hold; a folder with anything else in it is not ours to replace. */
const ours = new Set([modelKind.head, weightsFile, vocabularyFile, checkpointFolder.slice(0, -1), '.DS_Store']);
/** A folder that was being written so long ago, in milliseconds, was left behind by a killed process. */
const abandoned = 3_600_000;

/**
 * Writes the model folder `given`. Whatever goes wrong, and whenever the process is killed, the old model or the new one is
 * there, whole.
 * @throws UnrolledError `NOT_IN_BROWSER`, `MODEL_PATH_OCCUPIED`, `MODEL_WRITE_FAILED`
 */
export async function saveFolder(given: string, files: Files): Promise<void> {
  const modules = nodeModules('save', 'Use toFiles and keep the files where your page can.');
  try {
    const { fs, path } = modules;
    await makeFolders(modules, path.dirname(path.resolve(given)));
    const place = await placeOfModel(modules, given);
    await putBack(modules, place);
    await checkReplaceable(modules, place, given);
    await clearAbandoned(modules, place);
    const fresh = path.join(place.parent, `${place.writing}${crypto.randomUUID()}`);
    try {
      await writeFiles(modules, fresh, files);
      await swap(modules, place, fresh);
    } catch (error) {
      await fs.rm(fresh, { recursive: true, force: true });
      throw error;
    }
  } catch (cause) {
    if (cause instanceof UnrolledError) throw cause;
    throw writeFailed(given, cause);
  }
}

/** Puts the new folder in its place; the old one steps aside first, and comes back where that fails. */
async function swap({ fs }: NodeModules, { folder, parent, replaced }: ModelPlace, fresh: string): Promise<void> {
  const old = (await namesIn(fs, folder)) !== undefined;
  if (old) {
    await fs.rm(replaced, { recursive: true, force: true });
    await fs.rename(folder, replaced);
  }
  try {
    await fs.rename(fresh, folder);
  } catch (error) {
    if (old) await fs.rename(replaced, folder);
    throw error;
  }
  await syncFolder(fs, parent);
  if (old) await fs.rm(replaced, { recursive: true, force: true });
}

/** A process that was killed between the two renames left the old model aside: it goes back. */
async function putBack({ fs }: NodeModules, { folder, replaced }: ModelPlace): Promise<void> {
  if ((await namesIn(fs, replaced)) === undefined || (await namesIn(fs, folder)) !== undefined) return;
  await fs.rename(replaced, folder);
}

async function checkReplaceable({ fs }: NodeModules, { folder }: ModelPlace, given: string): Promise<void> {
  const names = await namesIn(fs, folder).catch((error) => {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  });
  const isFile = names === undefined && (await fs.lstat(folder).catch(() => undefined)) !== undefined;
  const foreign = names?.find((name) => !ours.has(name));
  if (!isFile && foreign === undefined) return;
  const found = isFile ? 'is a file' : `holds ${JSON.stringify(foreign)}, which no model folder has`;
  throw new UnrolledError('MODEL_PATH_OCCUPIED', `${given} ${found}; saving would delete it.`, {
    mend: 'Save to a new folder, or to one that holds nothing but a model.',
    data: { path: given },
  });
}

async function clearAbandoned({ fs, path }: NodeModules, { parent, writing }: ModelPlace): Promise<void> {
  for (const name of (await namesIn(fs, parent)) ?? []) {
    if (!name.startsWith(writing)) continue;
    const folder = path.join(parent, name);
    const { mtimeMs } = await fs.stat(folder);
    if (Date.now() - mtimeMs > abandoned) await fs.rm(folder, { recursive: true, force: true });
  }
}

function writeFailed(given: string, cause: unknown): UnrolledError {
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(cause));
  return new UnrolledError('MODEL_WRITE_FAILED', `The model could not be written to ${given}: ${String(cause)}.`, {
    mend: `${full ? 'Make room, or save' : 'Save'} somewhere else; what was there is untouched.`,
    data: { path: given, systemCode: codeOf(cause) },
    cause,
  });
}
