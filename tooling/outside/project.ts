// A project outside the workspace that installs our packed packages as a user would, from tarballs.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../source/workspace.ts';

/** What a project's project.json says. */
export interface ProjectSettings {
  /** Packages of the workspace that it installs itself; theirs follow. */
  readonly packages: readonly string[];
  /** Packages of others, by name, with versions. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Files to run, in order, as written: `main.ts`. */
  readonly run: readonly string[];
  /** Leaves the declaration files of others unchecked, where those have mistakes of their own. */
  readonly skipLibCheck?: boolean;
}

/**
 * Copies `folder` (with its project.json) to a temporary folder, installs, type-checks and runs it there.
 * @param tarballs - of every published package, by name: what `packAll` gives.
 * @returns what the files printed.
 * @throws Error with the output of the step that failed.
 */
export function tryOutside(folder: string, tarballs: ReadonlyMap<string, string>): string {
  const home = mkdtempSync(join(tmpdir(), 'unrolled-outside-'));
  try {
    cpSync(folder, home, { recursive: true });
    const settings = JSON.parse(readFileSync(join(home, 'project.json'), 'utf8')) as ProjectSettings;
    writeFileSync(join(home, 'package.json'), JSON.stringify(manifest(settings, tarballs), null, 2));
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(compilation(settings), null, 2));
    run(home, 'npm', [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--ignore-scripts',
      '--loglevel=error',
    ]);
    run(home, join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.']);
    return settings.run.map((file) => run(home, 'node', [join('out', file.replace(/\.ts$/, '.js'))])).join('');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Overrides make the packages that ours depend on come from tarballs too. */
function manifest(settings: ProjectSettings, tarballs: ReadonlyMap<string, string>): object {
  const local = new Map([...tarballs].map(([name, path]) => [name, `file:${path}`]));
  const own = settings.packages.map((name) => {
    const file = local.get(name);
    if (!file) throw new Error(`${name} is not a published package of this workspace.`);
    return [name, file];
  });
  const dependencies = { ...Object.fromEntries(own), ...settings.dependencies };
  return { private: true, type: 'module', dependencies, overrides: Object.fromEntries(local) };
}

function compilation({ skipLibCheck = false }: ProjectSettings): object {
  return {
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      module: 'NodeNext',
      target: 'ES2022',
      lib: ['ES2022', 'DOM', 'DOM.AsyncIterable'],
      types: [],
      outDir: 'out',
      rootDir: '.',
      skipLibCheck,
    },
    include: ['**/*.ts'],
    exclude: ['node_modules', 'out'],
  };
}

function run(cwd: string, command: string, argv: readonly string[]): string {
  // The workspace's own conditions and binaries must not reach the project.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(command, argv, {
    cwd,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${argv.join(' ')} failed (${error?.message ?? `exit ${status}`}):\n${stdout}${stderr}`);
}
