// node --import tsx tooling/packed/main.ts
// Packs the built packages and looks at each tarball with publint (strict) and attw (ESM only).
import { readFileSync } from 'node:fs';
import { inspect } from './inspect.ts';
import { withTarballs } from './pack.ts';

process.exit(await withTarballs(inspectAll));

async function inspectAll(tarballs: ReadonlyMap<string, string>): Promise<number> {
  let wrong = 0;
  for (const [name, path] of tarballs) {
    const problems = await inspect(readFileSync(path));
    for (const problem of problems) console.error(`${name}  ${problem}`);
    wrong += problems.length;
  }
  console.log(`${tarballs.size} packages packed, ${wrong} problems`);
  return wrong === 0 ? 0 : 1;
}
