// Threads that run the same WebAssembly program over one memory: the caller and its workers.
import { Crew } from './crew.ts';
import { threadError, threadFailed } from './errors.ts';
import { type Host, loadProgram, type Program, type ProgramOptions } from './program.ts';

/** How a pool is opened. */
export interface ThreadPoolOptions {
  /** Threads in all, the caller's included: 1 to 256. */
  readonly threads: number;
  /**
   * Seconds that a thread may be silent after the caller has done its part, before it is taken for dead; 60 unless given.
   * A worker that traps or throws is noticed at once.
   */
  readonly patience?: number;
}

/** What a pool can do: `broken` after a thread failed, when it has closed itself. */
export type PoolState = 'open' | 'broken' | 'closed';

/**
 * The caller's thread and some workers, which sleep between jobs. The workers keep no process alive.
 *
 * A pool belongs to the thread that opened it. Several programs may share it; they run one at a time, since `run` returns
 * when all threads are done.
 */
export class ThreadPool {
  /** Threads in all; the caller is thread 0. 1 where the host has no workers or no shared memory. */
  readonly size: number;
  /** Why there are fewer threads than were asked for, in a sentence; else undefined. */
  readonly reason: string | undefined;
  /** Whether the caller's thread may sleep: false on the main thread of a page, which only spins. */
  readonly mayWait: boolean;
  readonly #host: Host;
  readonly #crew: Crew | undefined;
  #state: PoolState = 'open';
  #cause: unknown;
  #closing: Promise<void> | undefined;

  private constructor(crew: Crew | undefined, { threads, patience = 60 }: ThreadPoolOptions, reason?: string) {
    this.#crew = crew;
    this.size = crew ? threads : 1;
    this.reason = reason;
    this.mayWait = crew?.mayWait ?? true;
    this.#host = {
      size: this.size,
      crew,
      patience,
      check: () => this.#check(),
      fail: (message, cause) => this.#fail(message, cause),
    };
  }

  /**
   * Starts the workers. Where there can be none, the pool has the caller's thread alone and `reason` says why.
   * @throws UnrolledError `THREADS_INVALID`
   */
  static async open(options: ThreadPoolOptions): Promise<ThreadPool> {
    const { threads } = options;
    if (!Number.isInteger(threads) || threads < 1 || threads > 256)
      throw threadError(
        'THREADS_INVALID',
        `A pool of ${threads} threads was asked for.`,
        'Give a whole number from 1 to 256.',
      );
    if (threads === 1) return new ThreadPool(undefined, options);
    if (typeof SharedArrayBuffer === 'undefined')
      return new ThreadPool(
        undefined,
        options,
        'There is no SharedArrayBuffer here; a page has it when it is served with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
      );
    let pool: ThreadPool | undefined;
    try {
      const crew = await Crew.start(threads - 1, (cause) => {
        if (pool) pool.#fail('A worker ended.', cause);
      });
      pool = new ThreadPool(crew, options);
      return pool;
    } catch (error) {
      return new ThreadPool(undefined, options, `No worker could be started: ${reasonOf(error)}`);
    }
  }

  /** Whether it can be used. */
  get state(): PoolState {
    return this.#state;
  }

  /**
   * Makes an instance of the module in each thread, with `memory` as its import `env.memory`.
   *
   * @param memory - shared where the pool has more than one thread.
   * @throws UnrolledError `MEMORY_NOT_SHARED`, `POOL_BROKEN`, `POOL_CLOSED`, `THREAD_FAILED` (a worker can't load it); what WebAssembly says of the module.
   */
  async load(module: WebAssembly.Module, memory: WebAssembly.Memory, options: ProgramOptions = {}): Promise<Program> {
    this.#check();
    if (this.size > 1 && !(memory.buffer instanceof SharedArrayBuffer))
      throw threadError(
        'MEMORY_NOT_SHARED',
        `A memory of one thread was given to ${this.size} threads.`,
        'Make it with shared: true.',
      );
    return loadProgram(this.#host, module, memory, options);
  }

  /** Ends the workers; the promise comes when they are gone. Safe to call again. */
  close(): Promise<void> {
    if (this.#state === 'open') this.#state = 'closed';
    this.#closing ??= this.#crew?.end(this.#closed()) ?? Promise.resolve();
    return this.#closing;
  }

  #check(): void {
    if (this.#state !== 'open') throw this.#closed();
  }

  #closed(): Error {
    if (this.#state === 'broken')
      return threadError('POOL_BROKEN', 'A thread of this pool has failed.', 'Open another pool.', this.#cause);
    return threadError('POOL_CLOSED', 'This pool of threads is closed.', 'Open another.');
  }

  #fail(message: string, cause: unknown): Error {
    const error = threadFailed(message, cause);
    if (this.#state === 'open') {
      this.#state = 'broken';
      this.#cause = error;
      void this.close();
    }
    return error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
