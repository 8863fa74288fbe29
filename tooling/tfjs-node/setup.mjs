// node tooling/tfjs-node/setup.mjs (npm run setup:tfjs-node)
// Puts TensorFlow.js for Node under .cache/tfjs-node, unless it is there already, and lets @unrolled/backend-tfjs-node find it.
// First as npm does; where its installer can't fetch its TensorFlow library from its host, by compiling its C++ against the
// library in the wheel of the Python environment (tooling/peers). Exit codes: 0 it is ready; 3 something that it needs is
// not installed; 4 a package index can't be reached; 1 anything else went wrong.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { home as peers, stamp as peersStamp, python } from '../peers/environment.mjs';
import { binding, home, isReady, link, packageFolder, stamp } from './environment.mjs';

const here = dirname(fileURLToPath(import.meta.url));
/** The package, and the headers of Node's interface to C++, which not every installation of Node brings along. */
const packages = ['@tensorflow/tfjs-node@4.22.0', 'node-api-headers@1.9.0'];
/** How long its own installer may take, in minutes. */
const patience = 5;

const working = isReady() && [ownStamp(), wheelStamp()].includes(readFileSync(stamp, 'utf8')) && tried().found;
if (working) done(working);
installPackages();
const own = installItself();
if (own) {
  writeFileSync(stamp, ownStamp());
  done(own);
}
if (process.platform === 'win32')
  fail(4, 'building it from the wheel of TensorFlow is known for Linux and macOS alone.');
const environment =
  spawnSync(process.execPath, [join(here, '..', 'peers', 'setup.mjs')], { stdio: 'inherit' }).status ?? 1;
if (environment !== 0)
  fail(environment, 'the Python environment, whose TensorFlow it uses, is missing for the reason above.');
compile(findCompiler(), findWheel());
const { found, problem } = tried();
if (!found) fail(1, `what was built does not work:\n${problem}`);
writeFileSync(stamp, wheelStamp());
done(found);

/** Gets the packages without running their installers. */
function installPackages() {
  console.log(`tfjs-node: installing ${packages.join(' and ')}`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--save-exact'];
  const status = npm(['install', ...flags, '--loglevel=error', ...packages], { stdio: 'inherit' }).status ?? 1;
  if (status !== 0) fail(4, 'npm could not install them; its message stands above.');
}

/** Runs the package's own installer. @returns what works then, or undefined where it does not */
function installItself() {
  const {
    status,
    error,
    stderr = '',
  } = npm(['rebuild', '@tensorflow/tfjs-node'], {
    encoding: 'utf8',
    timeout: patience * 60_000,
  });
  const { found, problem } = existsSync(binding) ? tried() : {};
  if (status === 0 && found) return found;
  const reason = /^.*(?:error:|Error:|ERR!).*$/m.exec(stderr)?.[0] ?? problem ?? 'it left no tfjs_binding.node';
  const why = error ? `it did not end in ${patience} minutes` : reason.trim();
  console.log(`tfjs-node: its own installer failed (${why}), so it is built from the wheel of TensorFlow`);
  return undefined;
}

/** The folder of the installed wheel: headers and libraries. */
function findWheel() {
  const script = 'import importlib.util; print(*importlib.util.find_spec("tensorflow").submodule_search_locations)';
  const asked = spawnSync(python, ['-c', script], { encoding: 'utf8' });
  const folder = asked.status === 0 ? asked.stdout.trim() : '';
  const libraries = folder && ['cc', 'framework'].map((part) => join(folder, library(part)));
  const missing = folder ? [join(folder, 'include'), ...libraries].filter((path) => !existsSync(path)) : ['tensorflow'];
  const names = missing.map((path) => path.replace(peers, '.cache/peers')).join(', ');
  if (missing.length > 0) fail(3, `the Python environment lacks ${names}. Delete .cache/peers and try again.`);
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

/** Compiles the part in C++. */
function compile(compiler, wheel) {
  console.log(`tfjs-node: compiling with ${compiler}`);
  mkdirSync(dirname(binding), { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file));
  const headers = [packageFolder, join(home, 'node_modules', 'node-api-headers', 'include'), join(wheel, 'include')];
  const mac = process.platform === 'darwin';
  const libraries = ['cc', 'framework'].map((part) => (mac ? join(wheel, library(part)) : `-l:${library(part)}`));
  const flags = ['-O2', '-fPIC', '-shared', '-std=c++17', '-DNAPI_VERSION=8'];
  const argv = [
    ...flags,
    ...(mac ? ['-undefined', 'dynamic_lookup'] : []),
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

/** What it is, once it has multiplied two matrices; or what went wrong. */
function tried() {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(here, 'verify.mjs')], { encoding: 'utf8', env });
  return status === 0 ? { found: stdout.trim() } : { problem: stderr.trim() };
}

/** Where it came by its own installer. */
function ownStamp() {
  return `own ${hashed().digest('hex')}`;
}

/** Where it was compiled: changes with the Python environment too. */
function wheelStamp() {
  return `wheel ${hashed()
    .update(existsSync(peersStamp) ? readFileSync(peersStamp) : '')
    .digest('hex')}`;
}

/** Changes with the packages and the platform. */
function hashed() {
  return createHash('sha256').update(`${packages} ${process.platform} ${process.arch}`);
}

/** Links it where the backend finds it and ends. */
function done(what) {
  rmSync(link, { recursive: true, force: true });
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(packageFolder, link, 'junction');
  const how = readFileSync(stamp, 'utf8').startsWith('own') ? 'by its own installer' : 'built from the wheel';
  console.log(`tfjs-node: ready (${what}, ${how})`);
  process.exit(0);
}

function npm(argv, options) {
  return spawnSync('npm', argv, { cwd: home, shell: process.platform === 'win32', ...options });
}

function fail(code, message) {
  console.error(`tfjs-node: ${message}`);
  process.exit(code);
}
