// A WebAssembly module in every thread of a pool.
import { counted, isUnrolledError } from '@unrolled/core';
import type { Crew, Failure } from './crew.ts';
import { threadError } from './errors.ts';
import { layout } from './layout.ts';

/** What a program needs of its pool. */
export interface Host {
  /** Threads in all. */
  readonly size: number;
  /** The workers, if there are any. */
  readonly crew: Crew | undefined;
  /** Seconds until a silent thread is taken for dead. */
  readonly patience: number;
  /** Throws where the pool is not open. */
  readonly check: () => void;
  /** Closes the pool for the reason and gives the error to throw. */
  readonly fail: (message: string, cause: unknown) => Error;
}

/** What else a program says of itself. */
export interface ProgramOptions {
  /**
   * Address of the `barrier` where its threads wait: `load` sets its bytes to 0, and when a thread fails the others leave it.
   * Without it they stay there until their patience ends.
   */
  readonly barrier?: number;
}

/** A module that runs in all threads of a pool at once. */
export interface Program {
  /** Exports of the caller's instance. */
  readonly exports: WebAssembly.Exports;
  /**
   * Calls the export with `(thread, threads, ...numbers)` in every thread, and returns when all are done. Results are dropped.
   *
   * @param numbers - at most 64.
   * @throws UnrolledError `THREAD_FAILED` where a thread traps, throws or dies, with the first error as its cause: then the pool
   *   has closed itself, and the memory holds what had been computed by then. `EXPORT_MISSING`, `TOO_MANY_NUMBERS`,
   *   `PROGRAM_UNLOADED`, `POOL_BROKEN`, `POOL_CLOSED`.
   */
  readonly run: (name: string, ...numbers: readonly number[]) => void;
  /** Lets the threads forget the module and its memory. Safe to call again. */
  readonly unload: () => void;
}

let lastProgram = 0;

/** Instantiates the module in all threads. */
export async function loadProgram(
  host: Host,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  { barrier }: ProgramOptions,
): Promise<Program> {
  const words =
    barrier === undefined || !host.crew ? undefined : new Int32Array(memory.buffer, barrier, layout.barrierWords);
  words?.fill(0);
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  host.check();
  const program = ++lastProgram;
  try {
    await host.crew?.request('load', () => ({ program, module, memory, barrier }));
  } catch (error) {
    throw isUnrolledError(error) ? error : host.fail('A worker could not load the program.', error);
  }
  return new LoadedProgram(host, program, module, exports, words);
}

class LoadedProgram implements Program {
  readonly exports: WebAssembly.Exports;
  readonly #host: Host;
  readonly #number: number;
  /** Places of functions among the exports, by name. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #barrier: Int32Array | undefined;
  #loaded = true;

  constructor(
    host: Host,
    number: number,
    module: WebAssembly.Module,
    exports: WebAssembly.Exports,
    barrier: Int32Array | undefined,
  ) {
    this.#host = host;
    this.#number = number;
    const named = WebAssembly.Module.exports(module).map(({ name, kind }, place) => ({ name, kind, place }));
    this.#places = new Map(named.filter(({ kind }) => kind === 'function').map(({ name, place }) => [name, place]));
    this.exports = exports;
    this.#barrier = barrier;
  }

  readonly run = (name: string, ...numbers: readonly number[]): void => {
    const { crew, size, patience } = this.#host;
    this.#check(numbers);
    crew?.begin({ program: this.#number, function: this.#placeOf(name), numbers });
    const own = this.#runHere(name, numbers);
    const silent = crew?.join(patience);
    const failure = crew?.failure() ?? own;
    if (failure) {
      const { thread, cause } = failure;
      throw this.#host.fail(`Thread ${thread} of ${size} failed in ${name}: ${String(cause)}.`, cause);
    }
    if (silent !== undefined) {
      this.#freeBarrier();
      const late = `Thread ${silent} of ${size} did not end ${name} within ${patience} s of the caller.`;
      throw this.#host.fail(late, undefined);
    }
  };

  readonly unload = (): void => {
    if (!this.#loaded) return;
    this.#loaded = false;
    // A pool that is closed has forgotten it already.
    this.#host.crew?.request('unload', () => ({ program: this.#number })).catch(() => {});
  };

  /** The caller's part; its error, if it has one. */
  #runHere(name: string, numbers: readonly number[]): Failure | undefined {
    try {
      (this.exports[name] as (...numbers: number[]) => unknown)(0, this.#host.size, ...numbers);
      return undefined;
    } catch (cause) {
      this.#host.crew?.fail(cause);
      this.#freeBarrier();
      return { thread: 0, cause };
    }
  }

  /** Makes threads that wait at the barrier leave it by a trap. */
  #freeBarrier(): void {
    if (!this.#barrier) return;
    Atomics.store(this.#barrier, layout.barrierFailed, 1);
    Atomics.notify(this.#barrier, layout.barrierGeneration);
  }

  #check(numbers: readonly number[]): void {
    this.#host.check();
    if (!this.#loaded) throw threadError('PROGRAM_UNLOADED', 'This program was unloaded.', 'Load its module again.');
    if (numbers.length > layout.numbers)
      throw threadError(
        'TOO_MANY_NUMBERS',
        `A job was given ${counted(numbers.length, 'number')}; ${layout.numbers} are the most.`,
        'Write the others into the memory.',
      );
  }

  #placeOf(name: string): number {
    const place = this.#places.get(name);
    if (place !== undefined) return place;
    const names = [...this.#places.keys()].join(', ');
    throw threadError('EXPORT_MISSING', `The module exports no function ${name}.`, `It exports: ${names || 'none'}.`);
  }
}
