// Makes a new plug-in out of the smallest living one of its kind.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findPackages, type Package, root } from '../source/workspace.ts';
import { metadataOf } from './metadata.ts';

/** Kinds whose plug-ins are a package each, by the folder they lie in. */
const folders: Readonly<Record<string, string>> = {
  tokenizer: 'tokenizers',
  vectorizer: 'vectorizers',
  cell: 'cells',
  task: 'tasks',
  trainer: 'trainers',
  backend: 'backends',
};

/** A plug-in that was made. */
export interface Made {
  /** `packages/cells/gru`. */
  readonly folder: string;
  /** `packages/cells/vanilla`. */
  readonly template: string;
}

/**
 * Writes the package `@unrolled/<kind>-<name>` under `base`, a copy of the smallest of its kind with its name changed.
 * @throws Error where the kind or the name won't do, in a sentence that says what would.
 */
export function newPlugin(kind: string, name: string, base: string = root): Made {
  const place = folders[kind];
  if (!place) throw new Error(`"${kind}" is no kind of its own package; kinds are ${Object.keys(folders).join(', ')}.`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Error(
      `"${name}" won't do as a name: small letters and digits, words joined by hyphens, as in "one-hot".`,
    );
  const folder = `packages/${place}/${name}`;
  if (existsSync(join(base, folder))) throw new Error(`${folder} is there already.`);
  const template = smallest(`packages/${place}/`);
  const rename = renaming(basename(template.folder), name);
  for (const file of template.files) {
    if (file.startsWith('test/doctest/') || file === 'CHANGELOG.md') continue;
    const text = readFileSync(join(root, template.folder, file), 'utf8');
    const path = join(base, folder, rename(file));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file === 'package.json' ? manifest(rename(text), folder, kind, name) : rename(text));
  }
  return { folder, template: template.folder };
}

/** The package in that place with the least source. */
function smallest(place: string): Package {
  const sizeOf = ({ folder, files }: Package): number =>
    files
      .filter((file) => file.startsWith('src/'))
      .reduce((sum, file) => sum + statSync(join(root, folder, file)).size, 0);
  const [least] = findPackages()
    .filter(({ folder }) => folder.startsWith(place))
    .sort((a, b) => sizeOf(a) - sizeOf(b));
  if (!least) throw new Error(`There is no package in ${place} to start from.`);
  return least;
}

function manifest(text: string, folder: string, kind: string, name: string): string {
  const own = JSON.parse(text) as Package['manifest'];
  const changed = { ...own, version: '0.0.0', description: `The ${name} ${kind}` };
  return `${JSON.stringify({ ...changed, ...metadataOf({ folder, manifest: own }) }, null, 2)}\n`;
}

/**
 * Changes a name in every way that it is written: one-hot, oneHot, OneHot. A name of one word is written alike as a name
 * and as an identifier; quotes, hyphens and slashes beside it tell the name.
 */
function renaming(from: string, to: string): (text: string) => string {
  const pattern = new RegExp(`(?<![a-zA-Z])(?:${[from, camel(from), pascal(from)].join('|')})(?![a-z])`, 'g');
  return (text) =>
    text.replace(pattern, (found: string, at: number) => {
      if (found === pascal(from)) return pascal(to);
      const beside = `${text[at - 1] ?? '/'}${text[at + found.length] ?? '/'}`;
      return found.includes('-') || /['"`/-]/.test(beside) ? to : camel(to);
    });
}

const camel = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string): string => camel(name).replace(/^./, (letter) => letter.toUpperCase());
