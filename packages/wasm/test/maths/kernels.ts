// A module with a loop over an array for every function of the maths, and what core's float64 functions give.
import * as core from '@unrolled/core';
import * as wasm from '../../src/index.ts';
import { type F32x4, type FunctionBuilder, ModuleBuilder } from '../../src/index.ts';

/** Names and the error in units of the last place of a float32 that each may have. */
export const bounds = { exp: 2, log: 2, tanh: 2, sigmoid: 2, softplus: 4, erf: 4, sin: 4, cos: 4 } as const;

export type Name = keyof typeof bounds;
export const names = Object.keys(bounds) as Name[];

/** Float64 functions that tell what is right. */
export const exact: Readonly<Record<Name, (x: number) => number>> = core;

const emit: Readonly<Record<Name, (f: FunctionBuilder, x: F32x4) => F32x4>> = wasm;

/** Numbers that the memory of {@link kernels} takes. */
export const CAPACITY: number = 1 << 16;

/** The functions over `count` numbers of `values`, in place. */
export function kernels(): {
  readonly values: Float32Array;
  readonly run: Readonly<Record<Name, (count: number) => void>>;
} {
  const module = new ModuleBuilder({ memory: { minimum: (4 * CAPACITY) / 65536, export: 'memory' } });
  for (const name of names) {
    module.export(
      module.function(name, { count: wasm.I32 }, (f, { count }) => {
        const array = f.let('array', wasm.I32.const(0));
        wasm.mapVectors(f, count, { inputs: { x: array }, outputs: { y: array }, unroll: 4 }, ({ x }) => ({
          y: emit[name](f, x),
        }));
      }),
    );
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBinary()));
  const memory = exports.memory as WebAssembly.Memory;
  return { values: new Float32Array(memory.buffer), run: exports as unknown as Record<Name, (count: number) => void> };
}

const power = new Float64Array(1);
const words = new Int32Array(power.buffer);

/** How far `value` lies from `right`, in units of the last place of a float32 near `right`; 0 where both are NaN or alike. */
export function ulps(value: number, right: number): number {
  if (Object.is(value, Math.fround(right)) || (Number.isNaN(value) && Number.isNaN(right))) return 0;
  if (!Number.isFinite(value)) return Math.abs(right) > 3.4028235e38 ? 0 : Infinity;
  power[0] = right;
  const exponent = Math.max((((words[1] as number) >> 20) & 0x7ff) - 1023, -126);
  power[0] = 0;
  words[1] = (exponent - 23 + 1023) << 20;
  return Math.abs(value - right) / (power[0] as number);
}
