// node --import tsx tooling/determinism/main.ts
// Checks that the source of every package uses no maths and no order that differs between engines or locales.
// allowed.json lists the uses that provably reach no weight, each with its reason.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackages, root } from '../source/workspace.ts';
import { scan } from './scan.ts';

/** A use that can't reach a weight. */
interface Allowed {
  readonly file: string;
  readonly use: string;
  readonly reason: string;
}

const allowed = JSON.parse(readFileSync(new URL('allowed.json', import.meta.url), 'utf8')) as readonly Allowed[];
const files = findPackages()
  .filter(({ folder }) => folder.startsWith('packages/'))
  .flatMap(({ folder, files }) =>
    files.filter((file) => /^src\/.*\.ts$/.test(file)).map((file) => `${folder}/${file}`),
  );
const used = new Set<Allowed>();
let wrong = 0;

for (const file of files) {
  for (const { line, use, instead } of scan(file, readFileSync(join(root, file), 'utf8'))) {
    const entry = allowed.find((one) => one.file === file && one.use === use && one.reason.length > 0);
    if (entry) used.add(entry);
    else
      report(`${file}:${line}  ${use}: use ${instead} (or list it with a reason in tooling/determinism/allowed.json).`);
  }
}
for (const entry of allowed)
  if (!used.has(entry))
    report(`tooling/determinism/allowed.json: ${entry.file} no longer uses ${entry.use}; take it out.`);

console.log(`${files.length} files, ${used.size} listed uses`);
process.exit(wrong === 0 ? 0 : 1);

function report(message: string): void {
  wrong += 1;
  console.error(message);
}
