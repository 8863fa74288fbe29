// What compiles one piece of work into a function, and what it needs for that.
import type { Schedule } from '@unrolled/equations';
import type { Gemm, I32, ModuleBuilder, WasmFunction } from '@unrolled/wasm';
import type { FixedAddresses, Operands } from './operands.ts';

/** A function over so many rows, and the pointers that it is called with. */
export interface Kernel {
  readonly operands: Operands;
  readonly call: WasmFunction<Record<string, typeof I32>, undefined>;
}

/** What all kernels of one call are made with. */
export interface KernelContext {
  readonly module: ModuleBuilder;
  readonly schedule: Schedule;
  readonly fixed: FixedAddresses;
  readonly gemm: Gemm;
  /** A name that no other function of the module has. */
  readonly nextName: (name: string) => string;
}
