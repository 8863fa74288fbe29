// node tooling/tfjs-node/run.mjs [VITEST ARGUMENT…]
// Sets TensorFlow.js for Node up and runs every *.tfjs-node.test.ts. Where it can't be had, it says that the tests were
// skipped and why, and ends with 0.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

const set = node(join(here, 'setup.mjs'), []);
if (set === 3 || set === 4) {
  console.log('tfjs-node: its tests are skipped, for the reason above');
  process.exit(0);
}
if (set !== 0) process.exit(set);
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
process.exit(node(vitest, ['run', '--config', join(here, 'vitest.config.ts'), ...process.argv.slice(2)]));

function node(script, args) {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}
