// Packs the built packages as they would be published.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { byCodeUnit, type Package, publicPackages, root } from '../source/workspace.ts';

/** Where the tarballs go. */
const home: string = join(root, '.cache', 'packs');

/**
 * Packs every published package with pnpm (npm would ignore `publishConfig.exports`); dist/ must be built.
 * @returns the tarball's path by package name.
 */
export function packAll(): Map<string, string> {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const packages = publicPackages();
  const filters = packages.flatMap(({ name }) => ['--filter', name]);
  const argv = ['--recursive', ...filters, 'pack', '--pack-destination', home];
  const { status, stdout, stderr } = spawnSync('pnpm', argv, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`pnpm pack failed:\n${stdout}\n${stderr}`);
  const packed = readdirSync(home).sort(byCodeUnit);
  return new Map(packages.map((one) => [one.name, join(home, tarballOf(one, packed))]));
}

/** `unrolled-cell-lstm-0.1.0.tgz` among the files written. */
function tarballOf({ name, manifest }: Package, packed: readonly string[]): string {
  const wanted = `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
  if (!packed.includes(wanted)) throw new Error(`pnpm packed no ${wanted} for ${name}.`);
  return wanted;
}
