// node --import tsx tooling/outside/main.ts [PROJECT…]
// Tries the projects of tooling/outside/projects (or those named) outside the workspace, with the packages as built and
// packed: npm installs the tarballs, tsc checks the project, node runs it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withTarballs } from '../packed/pack.ts';
import { byCodeUnit } from '../source/workspace.ts';
import { tryOutside } from './project.ts';

const projects = join(import.meta.dirname, 'projects');
const named = process.argv.slice(2);
const chosen = named.length > 0 ? named : readdirSync(projects).sort(byCodeUnit);

process.exit(await withTarballs(tryAll));

async function tryAll(tarballs: ReadonlyMap<string, string>): Promise<number> {
  let failed = 0;
  for (const project of chosen) {
    const began = performance.now();
    try {
      const printed = tryOutside(join(projects, project), tarballs);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`${project}: installed, checked and run outside the workspace in ${seconds} s\n${printed.trimEnd()}`);
    } catch (error) {
      failed += 1;
      console.error(`${project}: ${(error as Error).message}`);
    }
  }
  console.log(`${chosen.length} projects, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
