// Makes a folder, for packages that write files of their own.
import { nodeModules } from './builtin.ts';
import { makeFolders } from './write-files.ts';

/**
 * Makes a folder where it is missing, and those above it; also where Node's `recursive` never ends, as below Linux's /proc.
 * @throws the system's error where it refuses; UnrolledError `NOT_IN_BROWSER`
 */
export async function makeFolder(folder: string): Promise<void> {
  await makeFolders(nodeModules('Making a folder', 'Keep files elsewhere.'), folder);
}
