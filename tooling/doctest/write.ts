// Writes a test file for every ```ts block of the packages' READMEs and doc comments, and of the pages of docs/.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { byCodeUnit, findPackages, root } from '../source/workspace.ts';
import { blocksOf } from './blocks.ts';
import { compose } from './compose.ts';

/** Where a package keeps them; git ignores it. */
const place = 'test/doctest';

/** Pages outside the packages are tested here, with every package at hand. */
const pagesHome = 'tooling/doctest';

/** Writes what has changed and removes what is gone, under `base`. @returns how many blocks there are. */
export function writeDoctests(base: string = root): number {
  let count = 0;
  for (const { folder, files } of findPackages(base)) {
    if (!folder.startsWith('packages/') && folder !== pagesHome) continue;
    const sources = files
      .filter((file) => /^README.*\.md$|^src\/.*\.ts$/.test(file))
      .map((file) => `${folder}/${file}`);
    const pages = folder === pagesHome ? pagesOf(base) : [];
    const wanted = new Map([...sources, ...pages].flatMap((file) => testsOf(base, folder, file)));
    replace(join(base, folder, place), wanted);
    count += wanted.size;
  }
  return count;
}

/** Test files by name. */
function testsOf(base: string, folder: string, file: string): [string, string][] {
  const text = readFileSync(join(base, file), 'utf8');
  const inside = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : `root/${file}`;
  return blocksOf(file, text).map((block) => {
    const name = `${inside.replace(/\W+/g, '_')}_L${block.line}.${block.run ? 'test' : 'check'}.ts`;
    return [name, compose(file, block)];
  });
}

/** README.md and its twins, this folder's, and docs/. */
function pagesOf(base: string): string[] {
  const docs = existsSync(join(base, 'docs')) ? readdirSync(join(base, 'docs'), { recursive: true }) : [];
  const pages = docs
    .map((file) => `docs/${String(file).replaceAll('\\', '/')}`)
    .filter((file) => !file.includes('/api/'));
  const readmes = readdirSync(base).filter((file) => file.startsWith('README'));
  return [...readmes, 'tooling/README.md', ...pages].filter((file) => file.endsWith('.md')).sort(byCodeUnit);
}

function replace(folder: string, wanted: ReadonlyMap<string, string>): void {
  if (wanted.size === 0) rmSync(folder, { recursive: true, force: true });
  const present = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of present) if (!wanted.has(name)) rmSync(join(folder, name), { recursive: true });
  if (wanted.size > 0) mkdirSync(folder, { recursive: true });
  for (const [name, text] of wanted) {
    const path = join(folder, name);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
}
