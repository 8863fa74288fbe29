// Checkpoints in a folder: each in a new folder of its own, made current by the rename of one small pointer file.
import type { CheckpointStore } from '../model/checkpoint-store.ts';
import type { Files } from '../model/file-set.ts';
import { checkpointFolder } from '../model/format.ts';
import { type NodeModules, nodeModules } from './builtin.ts';
import { namesIn } from './model-place.ts';
import { makeFolders, orUndefined, syncFolder, writeFile, writeFiles } from './write-files.ts';

const pointer = 'current';
const pattern = /^checkpoint-\d{6,}$/;

/**
 * A store in the folder `given`, which is made where it is missing. The model folder that `save` writes can be read as one.
 * @throws UnrolledError `NOT_IN_BROWSER`
 */
export function folderCheckpoints(given: string): CheckpointStore {
  const modules = nodeModules('A checkpoint folder', 'Use memoryCheckpoints, or a store of your own.');
  const root = modules.path.resolve(given);
  return { name: given, write: (files) => write(modules, root, files), read: () => read(modules, root) };
}

async function write(modules: NodeModules, root: string, files: Files): Promise<void> {
  const { fs, path } = modules;
  await makeFolders(modules, root);
  const before = ((await namesIn(fs, root)) ?? []).filter((name) => pattern.test(name));
  const last = before.reduce((highest, name) => Math.max(highest, Number(name.slice(name.indexOf('-') + 1))), 0);
  const name = `checkpoint-${String(last + 1).padStart(6, '0')}`;
  try {
    await writeFiles(modules, path.join(root, name), files);
    await writeFile(fs, path.join(root, `${pointer}.new`), new TextEncoder().encode(`${name}\n`));
    await syncFolder(fs, root);
    await fs.rename(path.join(root, `${pointer}.new`), path.join(root, pointer));
  } catch (error) {
    await fs.rm(path.join(root, `${pointer}.new`), { force: true });
    await fs.rm(path.join(root, name), { recursive: true, force: true });
    throw error;
  }
  await syncFolder(fs, root);
  for (const old of before) await fs.rm(path.join(root, old), { recursive: true, force: true });
}

async function read(modules: NodeModules, root: string): Promise<Files | undefined> {
  const { fs, path } = modules;
  const name = await fs.readFile(path.join(root, pointer), 'utf8').catch(orUndefined);
  const inModel = path.join(root, ...checkpointFolder.split('/'));
  if (name !== undefined) return (await readFiles(modules, path.join(root, name.trim()))) ?? new Map();
  return readFiles(modules, inModel);
}

async function readFiles({ fs, path }: NodeModules, folder: string): Promise<Files | undefined> {
  const names = await namesIn(fs, folder);
  if (!names) return undefined;
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const bytes = await fs.readFile(path.join(folder, name));
    files.set(name, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  }
  return files;
}
