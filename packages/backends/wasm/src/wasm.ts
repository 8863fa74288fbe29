// The backend that compiles a network to WebAssembly: the plug-in and its settings.
import {
  type Backend,
  type Compile,
  type CompileSettings,
  defineBackend,
  defineOptions,
  parseMemory,
  parseOptions,
  UnrolledError,
} from '@unrolled/core';
import { coresOf, sharedPool } from '@unrolled/wasm';
import { WasmExecutable } from './executable.ts';
import { hasRelaxedSimd } from './relaxed.ts';

/** It has no options: threads, memory and numerics are settings of any backend. */
export type WasmOptions = Record<never, never>;

/**
 * Compiles any network to SIMD WebAssembly in float32: forward, backward, loss and optimizer in one call.
 *
 * The same seed gives the same bits in Node and browsers, with any number of threads.
 */
export const wasm: Backend<'wasm', WasmOptions, 'float32'> = /* @__PURE__ */ defineBackend({
  name: 'wasm',
  package: '@unrolled/backend-wasm',
  options: /* @__PURE__ */ defineOptions<WasmOptions>({}),
  precisions: ['float32'],
  deterministic: true,
  compile: () => async (network, settings) => {
    const { precision = 'float32', numerics = 'exact' } = settings;
    if (precision !== 'float32')
      throw new UnrolledError(
        'BACKEND_UNSUPPORTED',
        `The wasm backend computes in float32, but ${precision} was asked for.`,
        { mend: 'Leave precision out, or use the reference backend.' },
      );
    const memory = settings.memory === undefined ? undefined : parseMemory(settings.memory);
    const threads = threadsOf(settings);
    // The workers start while the network is planned and compiled.
    const pool = sharedPool(threads);
    try {
      const relaxed = numerics === 'fast' && hasRelaxedSimd();
      return new WasmExecutable(network, { pool, threads, relaxed, ...(memory !== undefined && { memory }) });
    } catch (error) {
      await (await pool).release();
      throw error;
    }
  },
});

/** Shards of a small batch; more threads would find nothing to do. */
const DEFAULT_THREADS = 4;

/** The threads that were asked for, or as many as there are cores. @throws UnrolledError `OPTION_INVALID` */
function threadsOf({ threads }: CompileSettings): number {
  if (threads === undefined) return Math.min(coresOf(), DEFAULT_THREADS);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 64) return threads;
  throw new UnrolledError('OPTION_INVALID', `${threads} threads were asked for.`, {
    mend: 'Give a whole number from 1 to 64.',
  });
}

/**
 * Compiles networks, for use without a registry: `(network, settings)` → a promise of an executable.
 * @throws UnrolledError `OPTION_INVALID`; while compiling `BACKEND_UNSUPPORTED` and the language's own errors
 */
export function wasmBackend(options: Partial<WasmOptions> = {}): Compile {
  return wasm.compile(parseOptions(wasm.options, options, 'backend "wasm"'));
}
