// node tooling/peers/setup.mjs
// Builds the pinned Python environment under .cache/peers, unless it is there already. Exit codes: 0 it is ready;
// 3 no fitting Python is installed; 4 the package index can't be reached; 1 anything else went wrong.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { home, isReady, python, stamp } from './environment.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const requirements = join(here, 'requirements.txt');
const constraints = join(here, 'constraints.txt');
const windows = process.platform === 'win32';

const base = findPython();
if (!base) {
  console.error(
    'peers: Python 3.11, 3.12 or 3.13 with venv and pip was not found, so tests that compare with Python libraries ' +
      "can't run. Install one of them (on Debian: python3 and python3-venv) and try again.",
  );
  process.exit(3);
}
const want = fingerprint(base);
if (isReady() && readFileSync(stamp, 'utf8') === want) {
  console.log(`peers: the Python environment is ready (${base.version})`);
  process.exit(0);
}
build(base);
writeFileSync(stamp, want);
console.log('peers: the Python environment is ready');

/** Makes the environment from nothing; ends the process where a step fails. */
function build({ command, version }) {
  const began = Date.now();
  console.log(`peers: building a Python ${version} environment in .cache/peers; this takes some minutes and gigabytes`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(dirname(home), { recursive: true });
  if (run(command, ['-m', 'venv', home]) !== 0) fail('python -m venv failed.');
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input'];
  if (!indexAnswers(pip)) {
    rmSync(home, { recursive: true, force: true });
    console.error(
      "peers: pip can't reach its package index, so tests that compare with Python libraries can't run. Connect to " +
        'the network, or name a reachable index in the variable PIP_INDEX_URL, and try again.',
    );
    process.exit(4);
  }
  for (const line of readFileSync(requirements, 'utf8').split('\n'))
    if (line.includes('==')) console.log(`peers: installing ${line}`);
  const installed = run(python, [...pip, 'install', '--quiet', '-r', requirements, '-c', constraints]);
  if (installed !== 0) fail('pip install failed; its message stands above.');
  console.log(`peers: installed in ${Math.round((Date.now() - began) / 1000)} s`);
}

/** The first Python here that the pins allow and that can make environments. */
function findPython() {
  const names = windows ? ['python', 'python3'] : ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];
  for (const command of names) {
    const asked = spawnSync(
      command,
      ['-c', 'import sys, venv, ensurepip; print(*sys.version_info[:3], sys.maxsize > 2**32)'],
      { encoding: 'utf8' },
    );
    const [major, minor, patch, wide] = (asked.status === 0 ? asked.stdout : '').trim().split(' ');
    if (major === '3' && minor >= 11 && minor <= 13 && wide === 'True')
      return { command, version: `${major}.${minor}.${patch}` };
  }
  return undefined;
}

/** Whether pip can see one small package that the pins name. */
function indexAnswers(pip) {
  const pinned = /^six==\S+/m.exec(readFileSync(constraints, 'utf8'))?.[0];
  const folder = join(home, 'probe');
  const asked = spawnSync(python, [...pip, 'download', '--quiet', '--no-deps', '--dest', folder, pinned], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true, force: true });
  if (asked.status !== 0) console.error(asked.stderr.trim());
  return asked.status === 0;
}

/** Changes with the pins, the Python and the platform. */
function fingerprint({ version }) {
  const hash = createHash('sha256').update(`${version} ${process.platform} ${process.arch}`);
  for (const file of [requirements, constraints]) hash.update(readFileSync(file));
  return hash.digest('hex');
}

function run(command, args) {
  return spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}

function fail(message) {
  console.error(`peers: ${message}`);
  process.exit(1);
}
