// Brings in TensorFlow.js and one of its backends. They are optional peers, so this says what to install.
import { UnrolledError } from '@unrolled/core';

/** TensorFlow.js. */
export type Tf = typeof import('@tensorflow/tfjs');

/** A backend of TensorFlow.js. */
export type Device = 'cpu' | 'wasm' | 'webgl' | 'webgpu';

/** TensorFlow.js with `device` registered and current. @throws UnrolledError `PEER_MISSING` or `DEVICE_UNAVAILABLE` */
export async function loadTensorFlow(device: Device, wasmPaths: Readonly<Record<string, string>>): Promise<Tf> {
  const tf = await peer('@tensorflow/tfjs', () => import('@tensorflow/tfjs'));
  if (device === 'wasm') {
    const wasm = await peer('@tensorflow/tfjs-backend-wasm', () => import('@tensorflow/tfjs-backend-wasm'));
    if (Object.keys(wasmPaths).length > 0 && tf.findBackend('wasm') === null) wasm.setWasmPaths({ ...wasmPaths });
  }
  if (device === 'webgpu')
    await peer('@tensorflow/tfjs-backend-webgpu', () => import('@tensorflow/tfjs-backend-webgpu'));
  const ready = await start(tf, device);
  if (ready !== true)
    throw new UnrolledError('DEVICE_UNAVAILABLE', `TensorFlow.js could not start its backend "${device}" here.`, {
      mend: 'Use another device: cpu runs everywhere, wasm nearly everywhere, webgl and webgpu in browsers.',
      cause: ready,
    });
  return tf;
}

async function start(tf: Tf, device: Device): Promise<unknown> {
  try {
    const set = await tf.setBackend(device);
    await tf.ready();
    return set;
  } catch (error) {
    return error;
  }
}

async function peer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new UnrolledError('PEER_MISSING', `The tfjs backend needs ${name}, which could not be loaded.`, {
      mend: `Install it: npm install ${name}@4.22.0`,
      cause: error,
    });
  }
}
