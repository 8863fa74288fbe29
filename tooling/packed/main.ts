// node --import tsx tooling/packed/main.ts
// Packs the built packages and looks at each tarball with publint (strict) and attw (ESM only). A tarball that passed
// before is not looked at again.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../source/workspace.ts';
import { inspect } from './inspect.ts';
import { packAll } from './pack.ts';

const stamp = join(root, '.cache', 'packs-passed.json');
const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'));
const passed = new Set<string>(existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : []);
const good: string[] = [];
let wrong = 0;
let looked = 0;

const tarballs = packAll();
for (const [name, path] of tarballs) {
  const tarball = readFileSync(path);
  const hash = createHash('sha256').update(tarball).update(lockfile).digest('hex');
  if (!passed.has(hash)) {
    looked += 1;
    const problems = await inspect(tarball);
    for (const problem of problems) console.error(`${name}  ${problem}`);
    wrong += problems.length;
    if (problems.length > 0) continue;
  }
  good.push(hash);
}
writeFileSync(stamp, JSON.stringify(good));
console.log(`${tarballs.size} packages packed, ${looked} looked at, ${wrong} problems`);
process.exit(wrong === 0 ? 0 : 1);
