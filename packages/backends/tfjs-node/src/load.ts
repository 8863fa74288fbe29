// Brings in TensorFlow.js for Node. It is an optional peer with a native library, so this says what is missing and what to do.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import util from 'node:util';
import { UnrolledError } from '@unrolled/core';
import { currentBackend, type Tf } from '@unrolled/tfjs';
import { registerProduct } from './ops.ts';

/** The name under which TensorFlow.js knows its native backend. */
export const device = 'tensorflow';

/** The version that this package was tested with. */
const version = '4.22.0';

/**
 * TensorFlow.js with its native backend started. The backend that was current before stays so.
 * @throws UnrolledError `PEER_MISSING`, `NATIVE_MISSING`, `NATIVE_UNLOADABLE` or `DEVICE_UNAVAILABLE`
 */
export function loadTensorFlow(gpu: boolean): Tf {
  requireAvx();
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  // Not an import, which could not tell before it is done which backend was current.
  const require = createRequire(import.meta.url);
  restoreUtil();
  const tf = attempt(name, () => createRequire(require.resolve(name))('@tensorflow/tfjs') as Tf);
  const before = currentBackend(tf);
  const native = attempt(name, () => withAllSymbols(() => require(name) as Tf));
  if (before !== undefined && before !== device) void tf.setBackend(before);
  registerProduct(native);
  return native;
}

/** tfjs-node 4.22 calls a function that Node 23 removed. */
function restoreUtil(): void {
  const known = util as { isNullOrUndefined?: (value: unknown) => boolean };
  known.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/**
 * Runs `load` so that native parts are linked with their libraries at once. Node links each function when it is first
 * called, and ends the process where a library of another version lacks it.
 */
function withAllSymbols<T>(load: () => T): T {
  const { dlopen } = process;
  process.dlopen = (module, path) => dlopen.call(process, module, path, constants.dlopen.RTLD_NOW);
  try {
    return load();
  } finally {
    process.dlopen = dlopen;
  }
}

function attempt<T>(name: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    throw explained(name, error);
  }
}

/** What went wrong and what to do about it. */
function explained(name: string, cause: unknown): UnrolledError {
  const { code, message = '' } = cause as { readonly code?: string; readonly message?: string };
  const [first = ''] = message.split('\n');
  if (code === 'MODULE_NOT_FOUND' && message.includes(name))
    return new UnrolledError('PEER_MISSING', `The tfjs-node backend needs ${name}, which could not be loaded.`, {
      mend: `Install it: npm install ${name}@${version}`,
      cause,
    });
  if (message.includes('native addon module'))
    return new UnrolledError(
      'NATIVE_MISSING',
      `${name} is installed without its native part, tfjs_binding.node: its install script did not run, or could not download it.`,
      {
        mend: `Run: npm rebuild ${name} --build-addon-from-source. Where its download host can't be reached, see the README of @unrolled/backend-tfjs-node, or use the wasm backend.`,
        cause,
      },
    );
  return new UnrolledError('NATIVE_UNLOADABLE', `The native part of ${name} could not be loaded: ${first}.`, {
    mend: `Its TensorFlow library is missing, or another one than it was built for. Delete node_modules/${name} and install it again: npm install ${name}@${version}; or build it again, if you built it against a library of your own.`,
    cause,
  });
}

/**
 * TensorFlow ends the whole process on a processor that it was not built for, so this asks before it is loaded.
 * @throws UnrolledError `DEVICE_UNAVAILABLE`
 */
function requireAvx(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64' || hasAvx(processorsOfLinux())) return;
  throw new UnrolledError(
    'DEVICE_UNAVAILABLE',
    'TensorFlow for x64 needs a processor with AVX, which this one lacks, or which its virtual machine hides.',
    { mend: 'Use the wasm backend, which runs on every processor, or let the virtual machine pass the host’s AVX on.' },
  );
}

/** What Linux says of its processors; empty where that is not to be read. */
function processorsOfLinux(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}

/** Whether a processor has AVX by the text of /proc/cpuinfo. Where that names no features, TensorFlow is to find out. */
export function hasAvx(text: string): boolean {
  const features = /^flags\s*:(.*)$/m.exec(text)?.[1];
  return features === undefined || /\bavx\b/.test(features);
}
