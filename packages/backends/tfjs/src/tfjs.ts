// TensorFlow.js as a backend: the plug-in and its options.
import {
  type Backend,
  type Compile,
  choice,
  data,
  defineBackend,
  defineOptions,
  parseOptions,
  UnrolledError,
} from '@unrolled/core';
import { runOn, TfjsExecutable } from '@unrolled/tfjs';
import type { Device } from './device.ts';
import { loadTensorFlow } from './load.ts';

/** Which of them is fetched depends on what the browser can do. */
const wasmFiles = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
] as const;

/** Options of the tfjs backend. */
export interface TfjsOptions {
  /** The backend of TensorFlow.js that computes. */
  readonly device: Device;
  /**
   * Where a page finds the .wasm files of `@tensorflow/tfjs-backend-wasm`: the address of each by its file name. The first
   * compilation for the device counts. Node finds them itself.
   */
  readonly wasmPaths: Readonly<Record<string, string>>;
}

/**
 * TensorFlow.js (cpu, wasm, webgl, webgpu) in float32, gradients by its own tape. `@tensorflow/tfjs` and, for those
 * devices, `@tensorflow/tfjs-backend-wasm` or `-webgpu` 4.22 are optional peers. Deterministic on cpu.
 *
 * Compiling throws UnrolledError `PEER_MISSING`, `DEVICE_UNAVAILABLE` or `BACKEND_UNSUPPORTED`.
 */
export const tfjs: Backend<'tfjs', TfjsOptions, 'float32'> = /* @__PURE__ */ defineBackend({
  name: 'tfjs',
  package: '@unrolled/backend-tfjs',
  options: /* @__PURE__ */ defineOptions<TfjsOptions>({
    device: /* @__PURE__ */ choice(
      'cpu',
      ['cpu', 'wasm', 'webgl', 'webgpu'],
      'The backend of TensorFlow.js that computes',
    ),
    wasmPaths: /* @__PURE__ */ data<Readonly<Record<string, string>>>(
      {},
      'Where a page finds the .wasm files of @tensorflow/tfjs-backend-wasm, by file name',
      pathsProblem,
    ),
  }),
  precisions: ['float32'],
  deterministic: ({ device }) => device === 'cpu',
  compile:
    ({ device, wasmPaths }) =>
    async (network, { precision = 'float32' }) => {
      if (precision !== 'float32')
        throw new UnrolledError(
          'BACKEND_UNSUPPORTED',
          `The tfjs backend computes in float32, but ${precision} was asked for.`,
          { mend: 'Leave precision out, or use the reference backend.' },
        );
      const tf = await loadTensorFlow(device, wasmPaths);
      return runOn(tf, device, () => new TfjsExecutable(tf, device, network));
    },
});

/**
 * Compiles networks, for use without a registry: `(network, settings)` → a promise of an executable.
 * @throws UnrolledError `OPTION_INVALID`; while compiling `PEER_MISSING`, `DEVICE_UNAVAILABLE`, `BACKEND_UNSUPPORTED` and the
 * language's own errors
 */
export function tfjsBackend(options: Partial<TfjsOptions> = {}): Compile {
  return tfjs.compile(parseOptions(tfjs.options, options, 'backend "tfjs"'));
}

function pathsProblem(paths: Readonly<Record<string, string>>): string | undefined {
  const names = typeof paths === 'object' && paths !== null ? Object.keys(paths) : ['?'];
  if (names.length === 0) return undefined;
  const whole = names.length === wasmFiles.length && wasmFiles.every((name) => typeof paths[name] === 'string');
  return whole ? undefined : `must be empty or give an address for each of ${wasmFiles.join(', ')}`;
}
