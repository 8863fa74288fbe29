// Reads every import of the workspace and says where one breaks the rules of the layout.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { type Import, importsOf } from '../source/parse.ts';
import { findPackages, type Manifest, type Package } from '../source/workspace.ts';
import { cycles, type Graph } from './graph.ts';
import { liesIn, mayImport, sameKind } from './layers.ts';

/** A broken rule. */
export interface Finding {
  /** Stable, for tests. */
  readonly rule: 'cycle' | 'same-kind' | 'layer' | 'private' | 'undeclared' | 'self';
  /** `packages/cells/lstm/src/index.ts:3`. */
  readonly at: string;
  /** One sentence: what is wrong and how to mend it. */
  readonly message: string;
}

/** What the check read. */
export interface ImportReport {
  readonly findings: readonly Finding[];
  /** Package to the packages that its source (not its tests) imports or declares, by folder. */
  readonly packages: Graph;
  /** How many files and imports were read. */
  readonly files: number;
  readonly imports: number;
}

interface Workspace {
  readonly base: string;
  readonly packages: readonly Package[];
  readonly byName: ReadonlyMap<string, Package>;
  /** The root's own dependencies, which tests and tools share. */
  readonly shared: ReadonlySet<string>;
}

/** One import with where it stands. */
interface Use extends Import {
  readonly from: Package;
  /** From the package's folder. */
  readonly file: string;
}

const code = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/;

/** Checks the workspace under `base`. */
export function checkImports(base: string): ImportReport {
  const packages = findPackages(base);
  const manifest = JSON.parse(readFileSync(join(base, 'package.json'), 'utf8')) as Manifest;
  const workspace: Workspace = {
    base,
    packages,
    byName: new Map(packages.map((found) => [found.name, found])),
    shared: new Set([...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})]),
  };
  const uses = packages.flatMap((from) => usesOf(base, from));
  const graph = packageGraph(workspace, uses);
  return {
    findings: [
      ...uses.flatMap((use) => judge(workspace, use)),
      ...packages.flatMap((from) => judgeDeclared(workspace, from)),
      ...cycles(graph).map((cycle) => cycleFinding(cycle, 'packages')),
      ...packages.flatMap((from) => fileCycles(from, uses)),
    ],
    packages: graph,
    files: packages.reduce((sum, { files }) => sum + files.filter((file) => code.test(file)).length, 0),
    imports: uses.length,
  };
}

function usesOf(base: string, from: Package): Use[] {
  return from.files
    .filter((file) => code.test(file))
    .flatMap((file) => {
      const path = `${from.folder}/${file}`;
      return importsOf(path, readFileSync(join(base, path), 'utf8')).map((found) => ({ ...found, from, file }));
    });
}

/** What is wrong with one import. */
function judge(workspace: Workspace, use: Use): Finding[] {
  if (use.specifier.startsWith('.')) return judgeRelative(use);
  if (isBuiltin(use.specifier)) return [];
  const name = packageName(use.specifier);
  const target = workspace.byName.get(name);
  return [
    ...(target === use.from && isSource(use) ? [finding('self', use, 'its own package; use a relative path')] : []),
    ...judgeDeclaration(workspace, use, name),
    ...(target && target !== use.from ? judgeTarget(use, target) : []),
    ...(target ? judgePublic(use, target) : []),
  ];
}

function judgeRelative(use: Use): Finding[] {
  // Tools are no part of the layout: they may look inside a package, such as the type tests do.
  if (use.from.folder.startsWith('tooling/')) return [];
  const path = posix.normalize(posix.join(posix.dirname(use.file), use.specifier));
  if (!path.startsWith('..')) return [];
  return [finding('private', use, 'a file outside its package; import the other package by name')];
}

function judgeDeclaration({ shared }: Workspace, use: Use, name: string): Finding[] {
  if (name === use.from.name) return [];
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = use.from.manifest;
  const published = { ...dependencies, ...peerDependencies, ...optionalDependencies };
  if (Object.hasOwn(published, name)) return [];
  const shipped = isSource(use) && !use.from.manifest.private;
  if (!shipped && (Object.hasOwn(devDependencies ?? {}, name) || shared.has(name))) return [];
  const where = shipped ? 'dependencies or peerDependencies' : 'devDependencies';
  return [finding('undeclared', use, `which its package.json lacks; add it to ${where}`)];
}

/** Source of one package that imports another package of the workspace. */
function judgeTarget(use: Use, target: Package): Finding[] {
  if (!isSource(use)) return [];
  return judgeEdge(use.from, target).map(({ rule, why }) => finding(rule, use, why));
}

function judgePublic(use: Use, target: Package): Finding[] {
  const path = `.${use.specifier.slice(target.name.length)}`;
  const exported = Object.keys(target.manifest.exports ?? {});
  if (exported.some((key) => key === path || (key.endsWith('*') && path.startsWith(key.slice(0, -1))))) return [];
  const names = exported.map((key) => target.name + key.slice(1));
  return [finding('private', use, `which is not exported; the package exports ${names.join(', ') || 'nothing'}`)];
}

/** What package.json declares must keep the same directions, used or not. */
function judgeDeclared({ byName }: Workspace, from: Package): Finding[] {
  if (from.manifest.private) return [];
  const { dependencies, peerDependencies, optionalDependencies } = from.manifest;
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }).flatMap((name) => {
    const target = byName.get(name);
    const at = `${from.folder}/package.json`;
    const edges = target ? judgeEdge(from, target) : [];
    return edges.map(({ rule, why }) => ({ rule, at, message: `depends on "${name}", ${why}.` }));
  });
}

/** What is wrong with `from` using `target`, if anything. */
function judgeEdge(from: Package, target: Package): { rule: Finding['rule']; why: string }[] {
  if (from !== target && sameKind(from, target))
    return [{ rule: 'same-kind', why: 'a plug-in of its own kind; move what they share into core or equations' }];
  const may = mayImport(from);
  if (may === undefined || liesIn(may, target)) return [];
  return [{ rule: 'layer', why: `which is not below it: it may import ${may.join(', ') || 'no other package'}` }];
}

/** Imports of published or app source, and declared dependencies, between packages, by folder. */
function packageGraph({ packages, byName }: Workspace, uses: readonly Use[]): Graph {
  const graph = new Map(packages.map(({ folder }) => [folder, new Set<string>()]));
  const add = (from: Package, name: string): void => {
    const target = byName.get(name);
    if (target && target !== from) graph.get(from.folder)?.add(target.folder);
  };
  for (const use of uses) if (isSource(use)) add(use.from, packageName(use.specifier));
  for (const from of packages)
    for (const name of Object.keys({ ...from.manifest.dependencies, ...from.manifest.peerDependencies }))
      add(from, name);
  return graph;
}

function fileCycles(from: Package, uses: readonly Use[]): Finding[] {
  const graph = new Map<string, Set<string>>();
  for (const use of uses) {
    if (use.from !== from || !use.specifier.startsWith('.')) continue;
    const target = posix.join(posix.dirname(use.file), use.specifier);
    graph.set(use.file, (graph.get(use.file) ?? new Set()).add(target));
  }
  return cycles(graph).map((cycle) =>
    cycleFinding(
      cycle.map((file) => `${from.folder}/${file}`),
      'files',
    ),
  );
}

function cycleFinding(cycle: readonly string[], what: string): Finding {
  const message = `${what} import each other: ${cycle.join(' → ')}; move what they share below both.`;
  return { rule: 'cycle', at: cycle[0] ?? '', message };
}

function finding(rule: Finding['rule'], use: Use, what: string): Finding {
  const at = `${use.from.folder}/${use.file}:${use.line}`;
  return { rule, at, message: `imports "${use.specifier}", ${what}.` };
}

/** Source that is published, or an app's; tests, benchmarks and tool settings are not. */
function isSource({ from, file }: Use): boolean {
  return file.startsWith('src/') && from.folder.split('/')[0] !== 'tooling';
}

function packageName(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
