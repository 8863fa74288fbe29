// node --import tsx tooling/release/main.ts
// After `changeset version`: writes core's new version into the constant that saved models record.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../source/workspace.ts';

const core = join(root, 'packages', 'core');
const { version } = JSON.parse(readFileSync(join(core, 'package.json'), 'utf8')) as { version: string };
const file = join(core, 'src', 'version.ts');
const text = readFileSync(file, 'utf8');
const changed = text.replace(/(?<=VERSION = ')[^']*(?=')/, version);
if (!changed.includes(`VERSION = '${version}'`)) throw new Error(`${file} has no line VERSION = '…'.`);
writeFileSync(file, changed);
