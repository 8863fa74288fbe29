// The packages of this repository as data: folders, manifests and source files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The parts of a package.json that the tools read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One package of the workspace. */
export interface Package {
  /** `@unrolled/cell-lstm`. */
  readonly name: string;
  /** From the root, with slashes: `packages/cells/lstm`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** From the package's folder, with slashes, sorted: `src/index.ts`. */
  readonly files: readonly string[];
}

/** The root of this repository. */
export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where packages lie; a package is any folder below that has a package.json. */
const places = ['packages', 'apps', 'tooling'];
const skipped = new Set(['node_modules', 'dist', '.turbo', 'coverage']);

/** Every package under `base`, sorted by folder. */
export function findPackages(base: string = root): Package[] {
  return places
    .filter((place) => existsSync(join(base, place)))
    .flatMap((place) => packageFolders(base, place))
    .sort(byCodeUnit)
    .map((folder) => readPackage(base, folder));
}

/** Those that are published. */
export function publicPackages(base: string = root): Package[] {
  return findPackages(base).filter(({ manifest }) => !manifest.private);
}

/** The order of `<`, which no locale changes. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function packageFolders(base: string, folder: string): string[] {
  if (existsSync(join(base, folder, 'package.json'))) return [folder];
  return subfolders(join(base, folder)).flatMap((name) => packageFolders(base, `${folder}/${name}`));
}

function readPackage(base: string, folder: string): Package {
  const manifest = JSON.parse(readFileSync(join(base, folder, 'package.json'), 'utf8')) as Manifest;
  return { name: manifest.name, folder, manifest, files: walk(join(base, folder), '').sort(byCodeUnit) };
}

function walk(base: string, inside: string): string[] {
  const entries = readdirSync(join(base, inside), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(base, path);
    return entry.isFile() ? [path] : [];
  });
}

function subfolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !skipped.has(entry.name))
    .map((entry) => entry.name);
}
