// Brings in TensorFlow.js and one of its backends. They are optional peers, so this says what to install.
import { UnrolledError } from '@unrolled/core';
import { registerParts } from './parts.ts';

/** TensorFlow.js. */
export type Tf = typeof import('@tensorflow/tfjs');

/** A backend of TensorFlow.js. */
export type Device = 'cpu' | 'wasm' | 'webgl' | 'webgpu';

/** The version that this package was tested with. */
const version = '4.22.0';

/** One start at a time: TensorFlow.js drops a backend that is still starting when another one is asked for. */
let starting: Promise<unknown> = Promise.resolve();

/**
 * TensorFlow.js with `device` started. The backend that was current before stays so.
 * @throws UnrolledError `PEER_MISSING` or `DEVICE_UNAVAILABLE`
 */
export function loadTensorFlow(device: Device, wasmPaths: Readonly<Record<string, string>>): Promise<Tf> {
  const started = starting.then(() => loadAndStart(device, wasmPaths));
  starting = started.catch(() => {});
  return started;
}

async function loadAndStart(device: Device, wasmPaths: Readonly<Record<string, string>>): Promise<Tf> {
  const tf = await peer('@tensorflow/tfjs', () => import('@tensorflow/tfjs'));
  if (device === 'wasm') {
    const wasm = await peer('@tensorflow/tfjs-backend-wasm', () => import('@tensorflow/tfjs-backend-wasm'));
    const fresh = !isStarted(tf, device);
    if (fresh && Object.keys(wasmPaths).length > 0) wasm.setWasmPaths({ ...wasmPaths });
  }
  if (device === 'webgpu')
    await peer('@tensorflow/tfjs-backend-webgpu', () => import('@tensorflow/tfjs-backend-webgpu'));
  if (!isStarted(tf, device)) await start(tf, device);
  registerParts(tf);
  return tf;
}

/** Whether a backend of TensorFlow.js has been started, by us or by anyone. */
function isStarted(tf: Tf, name: string): boolean {
  return name in tf.engine().registry;
}

/** Starts a backend and sets back what that changes: the current backend, the log, the handlers of the process. */
async function start(tf: Tf, device: Device): Promise<void> {
  const before = currentBackend(tf);
  const silent = tf.env().getBool('PROD');
  // TensorFlow.js advertises tfjs-node at the first tensor, and logs a failure that is thrown below anyway.
  tf.env().set('PROD', true);
  try {
    await begin(tf, device);
  } finally {
    tf.env().set('PROD', silent);
    removeWasmHandlers();
    if (before !== undefined) await tf.setBackend(before);
  }
}

/** The backend that computes now, if one does. */
function currentBackend(tf: Tf): string | undefined {
  const name = tf.getBackend() as string | null;
  return name !== null && isStarted(tf, name) ? name : undefined;
}

async function begin(tf: Tf, device: Device): Promise<void> {
  const result = await tf.setBackend(device).catch((error: unknown) => error);
  if (result !== true)
    throw new UnrolledError('DEVICE_UNAVAILABLE', `TensorFlow.js could not start its backend "${device}" here.`, {
      mend: 'Use another device: cpu runs everywhere, wasm nearly everywhere, webgl and webgpu in browsers.',
      cause: result,
    });
  if (!(await hasFloat32(tf)))
    throw new UnrolledError(
      'DEVICE_UNAVAILABLE',
      `The backend "${device}" computes in 16 bits here, which is too few.`,
      { mend: 'Use another device: cpu runs everywhere, wasm nearly everywhere.' },
    );
}

/** Some phones' webgl has 16 bits alone. (TensorFlow.js says so of the others too.) */
async function hasFloat32(tf: Tf): Promise<boolean> {
  const sum = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(0.00001)));
  const [value] = await sum.data();
  sum.dispose();
  return value !== 1;
}

/**
 * In Node the wasm backend leaves handlers behind that catch every uncaught error of the process, only to throw it again
 * from its own minified source, all of which Node then prints.
 */
function removeWasmHandlers(): void {
  if (typeof process !== 'object' || typeof process.rawListeners !== 'function') return;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    for (const listener of process.rawListeners(event)) {
      const source = String(listener).replaceAll(/\s+/g, '');
      if (/^function\((ex|reason)\){(if\(!\(exinstanceofExitStatus\)\){?)?throw\1/.test(source))
        process.off(event, listener as (...given: unknown[]) => void);
    }
  }
}

/**
 * Runs `f` with `device` as the current backend of TensorFlow.js, and sets back the one that was current: the page or
 * another executable may use TensorFlow.js too. `f` must not wait for anything.
 */
export function runOn<T>(tf: Tf, device: Device, f: () => T): T {
  const before = currentBackend(tf);
  if (before === device) return f();
  // Takes effect at once, since the backend has been started; only the promise comes later.
  void tf.setBackend(device);
  try {
    return f();
  } finally {
    if (before !== undefined) void tf.setBackend(before);
  }
}

async function peer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new UnrolledError('PEER_MISSING', `The tfjs backend needs ${name}, which could not be loaded.`, {
      mend: `Install it: npm install ${name}@${version}`,
      cause: error,
    });
  }
}
