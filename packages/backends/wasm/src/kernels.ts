// What compiles one piece of work into a function, and what it needs for that.
import type { Schedule } from '@unrolled/equations';
import type { Call, Gemm, I32, ModuleBuilder } from '@unrolled/wasm';
import type { FixedAddresses, Operands } from './operands.ts';

/** A function over so many rows, and the pointers that it is called with. */
export interface Kernel {
  readonly operands: Operands;
  readonly call: (args: KernelArguments) => Call;
}

/** The number of rows, a number that the kernel may ask for, its pointers and addresses. */
export type KernelArguments = Readonly<Record<string, I32 | number> & Record<'count' | 'step', I32 | number>>;

/** What all kernels of one call are made with. */
export interface KernelContext {
  readonly module: ModuleBuilder;
  readonly schedule: Schedule;
  readonly fixed: FixedAddresses;
  readonly gemm: Gemm;
  /** Functions of fused values by their form. */
  readonly fused: Map<string, FusedFunction>;
  /** A name that no other function of the module has. */
  readonly nextName: (name: string) => string;
}

/** A function that computes fused values of one form, and the names of its parameters besides `count` and `step`. */
export interface FusedFunction {
  readonly call: Kernel['call'];
  readonly names: readonly string[];
}
