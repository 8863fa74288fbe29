// Writes the version of @unrolled/core into its source, where models take it from; part of `version-packages`.
import { readFile, writeFile } from 'node:fs/promises';

const folder = new URL('../packages/core/', import.meta.url);
const { version } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'));
const file = new URL('src/version.ts', folder);
const source = await readFile(file, 'utf8');
await writeFile(file, source.replace(/VERSION = '[^']*'/, `VERSION = '${version}'`));
