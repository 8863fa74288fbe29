// Where a model folder lies, and the hidden folders beside it while it is replaced.

import type { NodeModules } from './builtin.ts';
import { codeOf } from './write-files.ts';

/** The places of one model folder. */
export interface ModelPlace {
  /** The folder itself, links resolved. */
  readonly folder: string;
  /** The folder that holds it. */
  readonly parent: string;
  /** Where the old model waits for the moment between two renames. */
  readonly replaced: string;
  /** How names of folders being written begin. */
  readonly writing: string;
}

/** The places of the model folder `given`. */
export async function placeOfModel({ fs, path }: NodeModules, given: string): Promise<ModelPlace> {
  const absolute = path.resolve(given);
  const folder = await fs.realpath(absolute).catch(() => absolute);
  const parent = path.dirname(folder);
  const name = path.basename(folder);
  return { folder, parent, replaced: path.join(parent, `.${name}.replaced`), writing: `.${name}.writing-` };
}

/** Names in a folder; undefined where there is none. @throws what the system says, `ENOTDIR` for a file */
export async function namesIn(fs: NodeModules['fs'], folder: string): Promise<string[] | undefined> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
