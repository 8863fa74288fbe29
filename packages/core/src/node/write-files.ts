// Files written so that they survive a power cut: each one synced, then the folders that name them.
import type { Files } from '../model/file-set.ts';
import type { NodeModules } from './builtin.ts';

/** Writes `files` below the new folder `root`, synced. */
export async function writeFiles(modules: NodeModules, root: string, files: Files): Promise<void> {
  const { fs, path } = modules;
  const folders = new Set([root]);
  await makeFolders(modules, root);
  for (const [name, bytes] of files) {
    const file = path.join(root, ...name.split('/'));
    const folder = path.dirname(file);
    if (!folders.has(folder)) await makeFolders(modules, folder);
    folders.add(folder);
    await writeFile(fs, file, bytes);
  }
  for (const folder of folders) await syncFolder(fs, folder);
}

/**
 * Makes a folder where it is missing, and those above it. Node's `recursive` never ends where a system refuses a folder as
 * if the one above were missing, as Linux does in /proc.
 */
export async function makeFolders(modules: NodeModules, folder: string): Promise<void> {
  const { fs, path } = modules;
  const isFolder = (place: string) => fs.stat(place).then((found) => found.isDirectory(), orUndefined);
  if (await isFolder(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder && (await isFolder(above)) === undefined) await makeFolders(modules, above);
  try {
    await fs.mkdir(folder);
  } catch (error) {
    // Another may have made it meanwhile.
    if (!(await isFolder(folder))) throw error;
  }
}

/** Writes one file, synced; what was there is overwritten. */
export async function writeFile(fs: NodeModules['fs'], file: string, bytes: Uint8Array): Promise<void> {
  const handle = await fs.open(file, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Syncs a folder's list of names, where the system can (Windows can't, and needs not). */
export async function syncFolder(fs: NodeModules['fs'], folder: string): Promise<void> {
  let handle: Awaited<ReturnType<typeof fs.open>> | undefined;
  try {
    handle = await fs.open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EPERM', 'EISDIR', 'EINVAL', 'EACCES', 'ENOTSUP'].includes(codeOf(error))) throw error;
  } finally {
    await handle?.close();
  }
}

/** The system's code of an error: `ENOENT`. */
export function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code);
}

/** For `catch`: what is not there is undefined; any other error goes on. */
export function orUndefined(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
