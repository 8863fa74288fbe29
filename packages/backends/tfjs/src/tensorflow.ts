// What TensorFlow.js is to this package: its module and its backends.

/** TensorFlow.js. */
export type Tf = typeof import('@tensorflow/tfjs');

/** A backend of TensorFlow.js. */
export type Device = 'cpu' | 'wasm' | 'webgl' | 'webgpu';
