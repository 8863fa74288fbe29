// Reads the files of a model folder.
import { UnrolledError } from '../errors.ts';
import type { Files } from '../model/file-set.ts';
import { modelKind, vocabularyFile, weightsFile } from '../model/format.ts';
import { type NodeModules, nodeModules } from './builtin.ts';
import { placeOfModel } from './model-place.ts';
import { codeOf, orUndefined } from './write-files.ts';

/** How often a model that may be in the middle of being replaced is looked for anew. */
const attempts = 5;

/**
 * The files of the model folder `source` that loading needs; its checkpoint is not read.
 * @throws UnrolledError `NOT_IN_BROWSER`, `MODEL_NOT_FOUND`, `MODEL_READ_FAILED`
 */
export async function readFolder(source: string | URL): Promise<Files> {
  const modules = nodeModules('Loading from a path', 'Load from a URL, or use fromFiles.');
  const given = String(source).startsWith('file:') ? modules.url.fileURLToPath(source) : String(source);
  try {
    return await readWhole(modules, given);
  } catch (cause) {
    if (cause instanceof UnrolledError) throw cause;
    throw new UnrolledError('MODEL_READ_FAILED', `The model in ${given} could not be read: ${String(cause)}.`, {
      mend:
        codeOf(cause) === 'ENOTDIR'
          ? 'It is a file; give the folder that holds manifest.json.'
          : 'Look at the permissions and the disk.',
      cause,
    });
  }
}

/** Reads until nothing was renamed or removed meanwhile, so that all files are of one model. */
async function readWhole(modules: NodeModules, given: string): Promise<Files> {
  let latest: Files | undefined;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const before = await find(modules, given);
    if (before) latest = await readFiles(modules, before.folder, [modelKind.head, weightsFile, vocabularyFile]);
    const after = await find(modules, given);
    if (latest && before && before.identity === after?.identity) return latest;
    await new Promise((resolve) => setTimeout(resolve, attempt));
  }
  if (latest) return latest;
  throw new UnrolledError('MODEL_NOT_FOUND', `There is no model in ${given}.`, {
    mend: 'Give the folder that save wrote.',
    data: { path: given },
  });
}

/** The model's folder at this moment (in its place, or aside while it is replaced), and what changes with every change of it. */
async function find(modules: NodeModules, given: string): Promise<{ folder: string; identity: string } | undefined> {
  const { folder, replaced } = await placeOfModel(modules, given);
  for (const place of [folder, replaced]) {
    const found = await modules.fs.stat(place, { bigint: true }).catch(orUndefined);
    if (found) return { folder: place, identity: `${found.ino} ${found.mtimeNs} ${found.ctimeNs}` };
  }
  return undefined;
}

async function readFiles({ fs, path }: NodeModules, folder: string, names: readonly string[]): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const bytes = await fs.readFile(path.join(folder, name)).catch(orUndefined);
    if (bytes) files.set(name, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  }
  return files;
}
