// A place where the threads of a job wait for each other.
import type { FunctionBuilder } from '../assembler/function-builder.ts';
import type { ModuleBuilder, WasmFunction } from '../assembler/module-builder.ts';
import { I32 } from '../assembler/values.ts';

/** Bytes of a barrier in shared memory: 0 at the start, at a multiple of 4, best alone in 64 bytes (a line of the cache). */
export const BARRIER_BYTES = 16;

const ARRIVED = 0;
/** Where in a barrier the threads look while they wait: it changes when all have come. */
export const BARRIER_GENERATION = 4;
/** Where in a barrier something else than 0 stands once a thread has failed. */
export const BARRIER_FAILED = 8;
const ASLEEP = 12;

/** Looks at the generation before a thread sleeps: some 100 microseconds, since waking one can take much longer than its mean. */
const SPINS = 100_000;
/** A thread that sleeps looks up this often, in seconds. */
const SLICE = 0.1;
/** Such looks in a slice, where a thread may not sleep. */
const LOOKS_IN_SLICE = 100_000_000;

const signature = { address: I32, threads: I32, mayWait: I32 };

/** `barrier(address, threads, mayWait)` of {@link barrier}. */
export type Barrier = WasmFunction<typeof signature, undefined>;

/**
 * Adds the function `barrier(address, threads, mayWait)`: it returns when `threads` threads have called it with the same
 * address, and what each wrote before it all see after it. It can be used again at once, for the same number of threads.
 *
 * At `address` are {@link BARRIER_BYTES} bytes of a shared memory. With one thread it returns at once, over any memory.
 * A thread spins for a moment, then sleeps if `mayWait` is not 0, else goes on spinning: the main thread of a page must not sleep.
 * The threads that wait trap when another has failed (a `Program` whose `barrier` is this address sees to that), and when
 * nothing has come for `patience` seconds (more or less that where they spin), since the missing one may have died.
 *
 * Source: Mellor-Crummey and Scott (1991), Algorithms for scalable synchronization, the central barrier; here a count of
 * generations stands for the reversed sense.
 */
export function barrier(module: ModuleBuilder, { patience = 60 }: { readonly patience?: number } = {}): Barrier {
  const slices = Math.max(1, Math.ceil(patience / SLICE));
  return module.function('barrier', signature, (f, { address, threads, mayWait }) => {
    f.if(threads.leU(1), () => f.return());
    const generation = f.let('generation', I32.atomicLoad(address, BARRIER_GENERATION));
    const last = I32.atomicAdd(address, 1, ARRIVED).eq(threads.sub(1));
    f.if(last, () => {
      release(f, address, threads);
      f.return();
    });
    const left = f.let('slices_left', I32.const(slices));
    f.block('released', (released) => {
      spin(f, () => released.goIf(I32.atomicLoad(address, BARRIER_GENERATION).ne(generation)), SPINS);
      f.loop('slice', (slice) => {
        f.if(
          mayWait,
          () => sleep(f, address, generation),
          () => spinSlice(f, address, () => released.goIf(I32.atomicLoad(address, BARRIER_GENERATION).ne(generation))),
        );
        released.goIf(I32.atomicLoad(address, BARRIER_GENERATION).ne(generation));
        f.if(I32.atomicLoad(address, BARRIER_FAILED), () => f.unreachable());
        f.set(left, left.sub(1));
        slice.goIf(left);
      });
      f.unreachable();
    });
  });
}

/** Begins the next generation. The count is 0 before anyone can come again. */
function release(f: FunctionBuilder, address: I32, threads: I32): void {
  f.atomicStore(address, 0, ARRIVED);
  f.run(I32.atomicAdd(address, 1, BARRIER_GENERATION));
  // One that counts itself asleep later finds the new generation and stays awake.
  f.if(I32.atomicLoad(address, ASLEEP), () => void f.atomicNotify(address, threads, BARRIER_GENERATION));
}

function sleep(f: FunctionBuilder, address: I32, generation: I32): void {
  f.run(I32.atomicAdd(address, 1, ASLEEP));
  f.atomicWait(address, generation, SLICE * 1e9, BARRIER_GENERATION);
  f.run(I32.atomicAdd(address, -1, ASLEEP));
}

function spin(f: FunctionBuilder, look: () => void, looks: number): void {
  f.for('spins', 0, looks, 1, look);
}

/** Looks for about a slice; a failure ends it early. */
function spinSlice(f: FunctionBuilder, address: I32, look: () => void): void {
  f.for('rounds', 0, LOOKS_IN_SLICE / SPINS, 1, () => {
    spin(f, look, SPINS);
    f.if(I32.atomicLoad(address, BARRIER_FAILED), () => f.unreachable());
  });
}
