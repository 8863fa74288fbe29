// env: what a bug report needs and what this machine offers: Node, cores, WebAssembly features, packages, backends.
import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { moduleResolve } from 'import-meta-resolve';
import { relaxedSimd, simd, threads } from 'wasm-feature-detect';
import type { Command, Context } from '../context.ts';
import { SLOTS } from '../flags/plugin-flags.ts';
import { FURTHER_PACKAGES } from '../resolve.ts';
import { table } from '../show/table.ts';

/** The command. */
export const env: Command = {
  name: 'env',
  summary: 'show versions, this machine and the backends at hand',
  usage: '',
  examples: [['env --json', 'the same as one JSON object, for a bug report']],
  flags: [],
  shapesManifest: false,
  arguments: [0, 0],
  run: async (context) => {
    const report = await describeEnvironment(context);
    if (context.output.json) await context.output.print(JSON.stringify(report));
    else await context.output.print(draw(report));
    return 0;
  },
};

interface Environment {
  readonly program: string;
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: { readonly total: number; readonly free: number };
  readonly webassembly: { readonly simd: boolean; readonly threads: boolean; readonly relaxedSimd: boolean };
  /** Version by package; those of registered plug-ins and their core. */
  readonly packages: Readonly<Record<string, string>>;
  /** Names of registered plug-ins by kind. */
  readonly plugins: Readonly<Record<string, readonly string[]>>;
  /** By package: those registered, and those that can be added with --plugin. */
  readonly backends: Readonly<Record<string, BackendState>>;
}

interface BackendState {
  /** Null where it is not installed. */
  readonly version: string | null;
  readonly registered: boolean;
  /** Version of each peer that is installed, null of one that is not. */
  readonly peers: Readonly<Record<string, string | null>>;
}

async function describeEnvironment({ program, registry, io }: Context): Promise<Environment> {
  const names = [...new Set(['@unrolled/core', ...registry.plugins.map((plugin) => plugin.package)])].sort(byCodeUnit);
  const from = [io.cwd, fileURLToPath(new URL('.', import.meta.url)), ...programFolder()];
  const registered = registry.plugins.filter((plugin) => plugin.kind === 'backend').map((plugin) => plugin.package);
  return {
    program: program.name,
    version: program.version,
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: { total: totalmem(), free: freemem() },
    webassembly: { simd: await simd(), threads: await threads(), relaxedSimd: await relaxedSimd() },
    packages: await byName(names, async (name) => (await findPackage(name, from))?.version ?? 'unknown'),
    plugins: Object.fromEntries(
      SLOTS.map((kind) => [kind, registry.plugins.filter((p) => p.kind === kind).map((p) => p.name)]),
    ),
    backends: await byName([...new Set([...registered, ...Object.keys(FURTHER_PACKAGES)])], (name) =>
      describeBackend(name, registered.includes(name), from),
    ),
  };
}

async function byName<T>(names: readonly string[], of: (name: string) => Promise<T>): Promise<Record<string, T>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await of(name)] as const)));
}

async function describeBackend(name: string, registered: boolean, from: readonly string[]): Promise<BackendState> {
  const found = await findPackage(name, from);
  if (!found) return { version: null, registered, peers: {} };
  const peers = Object.keys(found.peerDependencies ?? {}).filter((peer) => !peer.startsWith('@unrolled/'));
  return {
    version: found.version,
    registered,
    peers: await byName(peers, async (peer) => (await findPackage(peer, [found.folder, ...from]))?.version ?? null),
  };
}

/** The folder of the script that was started: packages beside the program are found from there. */
function programFolder(): readonly string[] {
  return process.argv[1] ? [dirname(process.argv[1])] : [];
}

interface FoundPackage {
  readonly folder: string;
  readonly version: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package's own package.json, looked for from several folders. */
async function findPackage(name: string, folders: readonly string[]): Promise<FoundPackage | undefined> {
  for (const folder of folders) {
    try {
      const parent = pathToFileURL(resolve(folder, 'unrolled'));
      const url = moduleResolve(`${name}/package.json`, parent, new Set(['node', 'import']));
      return { folder: dirname(fileURLToPath(url)), ...JSON.parse(await readFile(url, 'utf8')) };
    } catch {
      // not there, or its package.json is not exported: the next folder may have it
    }
  }
  return undefined;
}

function draw(report: Environment): string {
  const { webassembly, memoryBytes } = report;
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const features = [
    `SIMD ${yesNo(webassembly.simd)}`,
    `threads ${yesNo(webassembly.threads)}`,
    `relaxed SIMD ${yesNo(webassembly.relaxedSimd)}`,
  ];
  const machine = table([
    [report.program, report.version],
    ['node', report.node],
    ['platform', report.platform],
    ['processor', `${report.cpu}, ${report.cores} ${report.cores === 1 ? 'core' : 'cores'}`],
    ['memory', `${gib(memoryBytes.total)}, ${gib(memoryBytes.free)} free`],
    ['WebAssembly', features.join(', ')],
  ]);
  const plugins = table(Object.entries(report.plugins).map(([kind, names]) => [kind, names.join(', ') || 'none']));
  const packages = table(Object.entries(report.packages).map(([name, version]) => [name, version]));
  const backends = table(Object.entries(report.backends).map(([name, state]) => [name, drawBackend(name, state)]));
  return [machine, '', 'Plug-ins', plugins, '', 'Packages', packages, '', 'Backends', backends].join('\n');
}

function drawBackend(name: string, { version, registered, peers }: BackendState): string {
  if (version === null)
    return registered ? 'in use' : `not installed; npm install ${name} ${FURTHER_PACKAGES[name] ?? ''}`.trimEnd();
  const installed = Object.entries(peers).filter(([, peerVersion]) => peerVersion !== null);
  const found = installed.map(([peer, peerVersion]) => `${peer} ${peerVersion}`).join(', ');
  const wanting = Object.keys(peers).length > 0 && installed.length === 0;
  const with_ = found ? ` with ${found}` : wanting ? ` without its peers (${Object.keys(peers).join(', ')})` : '';
  return `${version}${with_}, ${registered ? 'in use' : `add it with --plugin ${name}`}`;
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
