// The backends of TensorFlow.js that this package starts.

/** A backend of TensorFlow.js. */
export type Device = 'cpu' | 'wasm' | 'webgl' | 'webgpu';
