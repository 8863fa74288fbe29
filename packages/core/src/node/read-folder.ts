// Reads the files of a model folder.
import { UnrolledError } from '../errors.ts';
import type { Files } from '../model/file-set.ts';
import { modelKind, vocabularyFile, weightsFile } from '../model/format.ts';
import { type NodeModules, nodeModules } from './builtin.ts';
import { namesIn, placeOfModel } from './model-place.ts';
import { codeOf } from './write-files.ts';

/** How often a model that is being replaced is read anew. */
const attempts = 5;

/**
 * The files of the model folder `source` that loading needs; its checkpoint is not read.
 * @throws UnrolledError `NOT_IN_BROWSER`, `MODEL_NOT_FOUND`, `MODEL_READ_FAILED`
 */
export async function readFolder(source: string | URL): Promise<Files> {
  const modules = nodeModules('Loading from a path', 'Load from a URL, or use fromFiles.');
  const given = String(source).startsWith('file:') ? modules.url.fileURLToPath(source) : String(source);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const before = await readHead(modules, given);
      const files = await readFiles(modules, before.folder, [modelKind.head, weightsFile, vocabularyFile]);
      const after = await readHead(modules, given);
      if (before.text === after.text || attempt === attempts) return files;
    }
  } catch (cause) {
    if (cause instanceof UnrolledError) throw cause;
    throw new UnrolledError('MODEL_READ_FAILED', `The model in ${given} could not be read: ${String(cause)}.`, {
      mend: 'Look at the permissions and the disk.',
      cause,
    });
  }
}

/** Where the model lies at this moment, and its manifest. */
async function readHead(modules: NodeModules, given: string): Promise<{ folder: string; text: string }> {
  const { fs } = modules;
  const place = await placeOfModel(modules, given);
  const isThere = async (folder: string) => (await namesIn(fs, folder)) !== undefined;
  const folder = (await isThere(place.folder)) || !(await isThere(place.replaced)) ? place.folder : place.replaced;
  if (!(await isThere(folder))) throw notFound(given);
  const [head] = (await readFiles(modules, folder, [modelKind.head])).values();
  return { folder, text: head ? new TextDecoder().decode(head) : '' };
}

async function readFiles({ fs, path }: NodeModules, folder: string, names: readonly string[]): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const bytes = await fs.readFile(path.join(folder, name)).catch((error) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (bytes) files.set(name, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  }
  return files;
}

function notFound(given: string): UnrolledError {
  return new UnrolledError('MODEL_NOT_FOUND', `There is no model in ${given}.`, {
    mend: 'Give the folder that save wrote.',
    data: { path: given },
  });
}
