// node --import tsx tooling/packed/build.ts
// Builds dist/ of every published package with one run of `tsc --build`, in the order of their dependencies, then bundles
// the scripts of workers.
// Turbo's ^build would follow devDependencies too, and tests of packages may need each other; see docs/decisions.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Package, publicPackages, root } from '../source/workspace.ts';
import { bundleWorkers } from './bundle-workers.ts';

const home = join(root, '.cache', 'build');
const packages = publicPackages();
const byName = new Map(packages.map((one) => [one.name, one]));

rmSync(home, { recursive: true, force: true });
mkdirSync(home, { recursive: true });
for (const one of packages) {
  rmSync(join(root, one.folder, 'dist'), { recursive: true, force: true });
  write(projectFile(one), project(one));
}
write('tsconfig.json', { files: [], references: packages.map((one) => ({ path: projectFile(one) })) });
const { status } = spawnSync('tsc', ['--build', home], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (status !== 0) process.exit(status ?? 1);
const workers = await bundleWorkers();
console.log(`${packages.length} packages built, ${workers} ${workers === 1 ? 'worker' : 'workers'} bundled`);

/** What tsc needs to build one package: its source, and the projects of the packages that it depends on. */
function project(one: Package): object {
  const folder = join(root, one.folder);
  const { dependencies, peerDependencies } = one.manifest;
  const references = Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => {
    const target = byName.get(name);
    return target ? [{ path: projectFile(target) }] : [];
  });
  return {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions: {
      composite: true,
      rootDir: join(folder, 'src'),
      outDir: join(folder, 'dist'),
      tsBuildInfoFile: join(home, `${projectFile(one)}.tsbuildinfo`),
    },
    include: [join(folder, 'src')],
    references,
  };
}

/** In .cache/build: `packages-cells-lstm.json`. */
function projectFile({ folder }: Package): string {
  return `${folder.replaceAll('/', '-')}.json`;
}

function write(name: string, value: object): void {
  writeFileSync(join(home, name), `${JSON.stringify(value, null, 2)}\n`);
}
