// node tooling/peers/run.mjs [VITEST ARGUMENT…]
// Sets up the Python environment and runs every *.peers.test.ts. Where Python or its packages can't be had, it says
// that the tests were skipped and why, and ends with 0; --required makes that an error.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const required = process.argv.includes('--required');
const rest = process.argv.slice(2).filter((argument) => argument !== '--required');

const set = node(join(here, 'setup.mjs'), []);
if (set === 3 || set === 4) {
  console.log('peers: skipped, for the reason above');
  process.exit(required ? set : 0);
}
if (set !== 0) process.exit(set);
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
process.exit(node(vitest, ['run', '--config', join(here, 'vitest.config.ts'), ...rest]));

function node(script, args) {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}
