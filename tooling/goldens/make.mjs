// node tooling/goldens/make.mjs [MAKER…]
// Remakes every golden file (or those of the makers named, e.g. `losses`) in the pinned Python environment.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { python, variables } from '../peers/environment.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const makers = join(here, 'makers');
const all = readdirSync(makers).flatMap((file) => /^make_(\w+)\.py$/.exec(file)?.[1] ?? []);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : all;
const unknown = wanted.find((name) => !all.includes(name));
if (unknown) {
  console.error(`goldens: there is no maker ${unknown}; there are ${all.join(', ')}.`);
  process.exit(2);
}
run(process.execPath, [join(here, '..', 'peers', 'setup.mjs')]);
for (const name of wanted) run(python, [join(makers, `make_${name}.py`)]);

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: variables() });
  if (status !== 0) process.exit(status ?? 1);
}
