// Brings in TensorFlow.js and one of its backends. They are optional peers, so this says what to install.
import { UnrolledError } from '@unrolled/core';
import { currentBackend, isStarted, registerParts, type Tf, whileStarting } from '@unrolled/tfjs';
import { registerCpuProduct } from './cpu-product.ts';
import type { Device } from './device.ts';

/** The version that this package was tested with. */
const version = '4.22.0';

/**
 * TensorFlow.js with `device` started. The backend that was current before stays so.
 * @throws UnrolledError `PEER_MISSING` or `DEVICE_UNAVAILABLE`
 */
export async function loadTensorFlow(device: Device, wasmPaths: Readonly<Record<string, string>>): Promise<Tf> {
  const tf = await peer('@tensorflow/tfjs', () => import('@tensorflow/tfjs'));
  const wasm =
    device === 'wasm' && (await peer('@tensorflow/tfjs-backend-wasm', () => import('@tensorflow/tfjs-backend-wasm')));
  if (device === 'webgpu')
    await peer('@tensorflow/tfjs-backend-webgpu', () => import('@tensorflow/tfjs-backend-webgpu'));
  await whileStarting(async () => {
    if (isStarted(tf, device)) return;
    if (wasm && Object.keys(wasmPaths).length > 0) wasm.setWasmPaths({ ...wasmPaths });
    await start(tf, device);
  });
  registerParts(tf);
  registerCpuProduct(tf);
  return tf;
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
