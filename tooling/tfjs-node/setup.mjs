// node tooling/tfjs-node/setup.mjs (npm run tfjs-node)
// Builds TensorFlow.js for Node under .cache/tfjs-node, unless it is there already. Its own installer fetches a TensorFlow
// library from a host that not every machine reaches; this one compiles its C++ against the library in the wheel of the
// Python environment (tooling/peers). Exit codes: 0 it is ready; 3 something that it needs is not installed; 4 a package
// index can't be reached; 1 anything else went wrong.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { home as peers, stamp as peersStamp, python } from '../peers/environment.mjs';
import { binding, home, isReady, packageFolder, stamp } from './environment.mjs';

const here = dirname(fileURLToPath(import.meta.url));
/** The package, and the headers of Node's interface to C++, which not every installation of Node brings along. */
const packages = ['@tensorflow/tfjs-node@4.22.0', 'node-api-headers@1.9.0'];

if (process.platform === 'win32')
  fail(3, 'this recipe knows Linux and macOS; on Windows npm install @tensorflow/tfjs-node.');
const environment =
  spawnSync(process.execPath, [join(here, '..', 'peers', 'setup.mjs')], { stdio: 'inherit' }).status ?? 1;
if (environment !== 0)
  fail(environment, 'the Python environment, whose TensorFlow it uses, is missing for the reason above.');
const wheel = findWheel();
const want = fingerprint();
if (isReady() && readFileSync(stamp, 'utf8') === want) {
  console.log(`tfjs-node: ready (${verified()})`);
  process.exit(0);
}
const compiler = findCompiler();
install();
compile();
console.log(`tfjs-node: ready (${verified()})`);
writeFileSync(stamp, want);

/** The folder of the installed wheel: headers and libraries. */
function findWheel() {
  const asked = spawnSync(
    python,
    ['-c', 'import importlib.util; print(*importlib.util.find_spec("tensorflow").submodule_search_locations)'],
    {
      encoding: 'utf8',
    },
  );
  const folder = asked.status === 0 ? asked.stdout.trim() : '';
  const libraries = folder && ['cc', 'framework'].map((part) => join(folder, library(part)));
  const missing = folder ? [join(folder, 'include'), ...libraries].filter((path) => !existsSync(path)) : ['tensorflow'];
  if (missing.length > 0)
    fail(
      3,
      `the Python environment lacks ${missing.map((path) => path.replace(peers, '.cache/peers')).join(', ')}. Delete .cache/peers and try again.`,
    );
  return folder;
}

/** File name of a TensorFlow library in the wheel. */
function library(part) {
  return process.platform === 'darwin' ? `libtensorflow_${part}.2.dylib` : `libtensorflow_${part}.so.2`;
}

/** The first C++ compiler here. */
function findCompiler() {
  const names = [process.env.CXX, 'g++', 'clang++', 'c++'].filter(Boolean);
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (!found)
    fail(
      3,
      `no C++ compiler was found (tried ${names.join(', ')}). Install one, on Debian the package g++, or name yours in the variable CXX.`,
    );
  return found;
}

/** Gets the packages without running their installers. */
function install() {
  console.log(`tfjs-node: installing ${packages.join(' and ')}`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"private":true}');
  const flags = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
    '--save-exact',
  ];
  const status = spawnSync('npm', ['install', ...flags, ...packages], { cwd: home, stdio: 'inherit' }).status ?? 1;
  if (status !== 0) fail(4, 'npm could not install them; its message stands above.');
}

/** Compiles the part in C++. */
function compile() {
  console.log(`tfjs-node: compiling with ${compiler}`);
  mkdirSync(dirname(binding), { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file));
  const headers = [packageFolder, join(home, 'node_modules', 'node-api-headers', 'include'), join(wheel, 'include')];
  const mac = process.platform === 'darwin';
  const libraries = ['cc', 'framework'].map((part) => (mac ? join(wheel, library(part)) : `-l:${library(part)}`));
  const flags = [
    '-O2',
    '-fPIC',
    '-shared',
    '-std=c++17',
    '-DNAPI_VERSION=8',
    ...(mac ? ['-undefined', 'dynamic_lookup'] : []),
  ];
  const argv = [
    ...flags,
    ...sources,
    ...headers.map((path) => `-I${path}`),
    `-L${wheel}`,
    ...libraries,
    `-Wl,-rpath,${wheel}`,
    '-o',
    binding,
  ];
  const status = spawnSync(compiler, argv, { stdio: 'inherit' }).status ?? 1;
  if (status !== 0) fail(1, `${compiler} could not compile tfjs-node; its message stands above.`);
}

/** What it is, once it has multiplied two matrices. */
function verified() {
  const asked = spawnSync(process.execPath, [join(here, 'verify.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (asked.status !== 0) fail(1, `what was built does not work:\n${asked.stderr.trim()}`);
  return asked.stdout.trim();
}

/** Changes with the packages, the Python environment and the platform. */
function fingerprint() {
  const hash = createHash('sha256').update(`${packages} ${process.platform} ${process.arch} ${wheel}`);
  return hash.update(readFileSync(peersStamp)).digest('hex');
}

function fail(code, message) {
  console.error(`tfjs-node: ${message}`);
  process.exit(code);
}
