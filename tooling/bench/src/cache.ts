// Where the bench keeps its files.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url));

/** A folder that git ignores. */
export const cache: string = join(root, '.cache', 'bench');

mkdirSync(cache, { recursive: true });
