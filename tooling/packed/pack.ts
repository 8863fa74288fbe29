// Packs the built packages as they would be published.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { byCodeUnit, type Package, publicPackages, root } from '../source/workspace.ts';

/**
 * Packs every published package with pnpm (npm would ignore `publishConfig.exports`); dist/ must be built.
 * @param use - gets the tarball's path by package name; the tarballs are gone when it is done.
 */
export async function withTarballs<T>(use: (tarballs: ReadonlyMap<string, string>) => Promise<T>): Promise<T> {
  const cache = join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const home = mkdtempSync(join(cache, 'packs-'));
  try {
    return await use(packInto(home));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function packInto(home: string): Map<string, string> {
  const packages = publicPackages();
  const filters = packages.flatMap(({ name }) => ['--filter', name]);
  const { status, stdout, stderr } = spawnSync(
    'pnpm',
    ['--recursive', ...filters, 'pack', '--pack-destination', home],
    {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  );
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
