// TensorFlow's native library as a backend: the plug-in and its options.
import {
  type Backend,
  type Compile,
  defineBackend,
  defineOptions,
  flag,
  parseOptions,
  UnrolledError,
} from '@unrolled/core';
import { runOn, TfjsExecutable } from '@unrolled/tfjs';
import { findFused } from './fused.ts';
import { device, loadTensorFlow } from './load.ts';

/** Options of the tfjs-node backend. */
export interface TfjsNodeOptions {
  /** Whether `@tensorflow/tfjs-node-gpu` computes in place of `@tensorflow/tfjs-node`: on a graphics processor, by CUDA. */
  readonly gpu: boolean;
}

/**
 * TensorFlow's native library under Node, in float32, through TensorFlow.js. LSTMs, and GRUs whose reset comes before the
 * product, run whole sequences by its fused kernels; they are found by the structure of their equations.
 * `@tensorflow/tfjs-node` and `@tensorflow/tfjs-node-gpu` 4.22 are optional peers.
 *
 * Compiling throws UnrolledError `PEER_MISSING`, `NATIVE_MISSING`, `NATIVE_UNLOADABLE`, `DEVICE_UNAVAILABLE` or
 * `BACKEND_UNSUPPORTED`.
 */
export const tfjsNode: Backend<'tfjs-node', TfjsNodeOptions, 'float32'> = /* @__PURE__ */ defineBackend({
  name: 'tfjs-node',
  package: '@unrolled/backend-tfjs-node',
  options: /* @__PURE__ */ defineOptions<TfjsNodeOptions>({
    gpu: /* @__PURE__ */ flag(false, 'Compute by @tensorflow/tfjs-node-gpu, on a graphics processor'),
  }),
  precisions: ['float32'],
  deterministic: () => false,
  compile:
    ({ gpu }) =>
    async (network, { precision = 'float32' }) => {
      if (precision !== 'float32')
        throw new UnrolledError(
          'BACKEND_UNSUPPORTED',
          `The tfjs-node backend computes in float32, but ${precision} was asked for.`,
          { mend: 'Leave precision out, or use the reference backend.' },
        );
      const tf = loadTensorFlow(gpu);
      return runOn(tf, device, () => new TfjsExecutable(tf, device, network, findFused));
    },
});

/**
 * Compiles networks, for use without a registry: `(network, settings)` → a promise of an executable.
 * @throws UnrolledError `OPTION_INVALID`; while compiling `PEER_MISSING`, `NATIVE_MISSING`, `NATIVE_UNLOADABLE`,
 * `DEVICE_UNAVAILABLE`, `BACKEND_UNSUPPORTED` and the language's own errors
 */
export function tfjsNodeBackend(options: Partial<TfjsNodeOptions> = {}): Compile {
  return tfjsNode.compile(parseOptions(tfjsNode.options, options, 'backend "tfjs-node"'));
}
