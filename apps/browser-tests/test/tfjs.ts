// The tfjs backend in a page, on each device.
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreads from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { type Device, type TfjsOptions, tfjs } from '@unrolled/backend-tfjs';
import { defineOptions } from '@unrolled/core';

const wasmPaths = {
  'tfjs-backend-wasm.wasm': wasm,
  'tfjs-backend-wasm-simd.wasm': wasmSimd,
  'tfjs-backend-wasm-threaded-simd.wasm': wasmThreads,
};

/** The plug-in whose defaults are `device` and the .wasm files that Vite serves. */
export function on(device: Device): typeof tfjs {
  const { device: field, wasmPaths: paths } = tfjs.options.fields;
  const fields = { device: { ...field, default: device }, wasmPaths: { ...paths, default: wasmPaths } };
  return { ...tfjs, options: defineOptions<TfjsOptions>(fields) };
}
