// What TensorFlow.js is to this package: its module and its backends.

/** TensorFlow.js: its module, or another that has all of its exports. */
export type Tf = typeof import('@tensorflow/tfjs');

/** A backend of TensorFlow.js, by the name under which it is registered: `cpu`, `wasm`, `webgl`, `webgpu`, `tensorflow`. */
export type Device = string;

/** A tensor of TensorFlow.js. */
export type TfTensor = import('@tensorflow/tfjs').Tensor;
