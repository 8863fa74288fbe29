// node --import tsx tooling/imports/main.ts [--write]
// Checks the direction of every import and that docs/packages.svg is what the imports say; --write draws it anew.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../source/workspace.ts';
import { checkImports } from './check.ts';
import { draw } from './drawing.ts';

const drawing = 'docs/packages.svg';
const report = checkImports(root);
for (const { rule, at, message } of report.findings) console.error(`${at}  ${rule}\n  ${message}`);
const current = await upToDate();
console.log(`${report.imports} imports of ${report.files} files in ${report.packages.size} packages`);
process.exit(current && report.findings.length === 0 ? 0 : 1);

async function upToDate(): Promise<boolean> {
  const svg = await draw(report.packages);
  const path = join(root, drawing);
  if (process.argv.includes('--write')) writeFileSync(path, svg);
  if (existsSync(path) && readFileSync(path, 'utf8') === svg) return true;
  console.error(`${drawing} does not show the packages as they import each other now: npm run drawing`);
  return false;
}
