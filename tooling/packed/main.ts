// node --import tsx tooling/packed/main.ts
// Packs the built packages and looks at each tarball with publint (strict) and attw (ESM only). A tarball that passed
// before is not looked at again.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../source/workspace.ts';
import { inspect } from './inspect.ts';
import { withTarballs } from './pack.ts';

const stamp = join(root, '.cache', 'packs-passed.json');
const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'));
const passed = new Set<string>(existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : []);

process.exit(await withTarballs(inspectAll));

async function inspectAll(tarballs: ReadonlyMap<string, string>): Promise<number> {
  const good: string[] = [];
  let wrong = 0;
  let looked = 0;
  for (const [name, path] of tarballs) {
    const tarball = readFileSync(path);
    const hash = createHash('sha256').update(tarball).update(lockfile).digest('hex');
    const known = passed.has(hash);
    const problems = known ? [] : await inspect(tarball);
    for (const problem of problems) console.error(`${name}  ${problem}`);
    looked += known ? 0 : 1;
    wrong += problems.length;
    if (problems.length === 0) good.push(hash);
  }
  writeFileSync(stamp, JSON.stringify(good));
  console.log(`${tarballs.size} packages packed, ${looked} looked at, ${wrong} problems`);
  return wrong === 0 ? 0 : 1;
}
