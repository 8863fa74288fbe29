// The workers of a pool and the control block they share with the caller: messages, jobs, failures.
import { controlBytes, layout, wordOf } from './layout.ts';
import { startWorker, type WorkerHandle } from './start-worker.ts';
import { workerScript } from './worker-script.ts';

/** A call of one export by all threads. */
export interface Job {
  /** Number of the program. */
  readonly program: number;
  /** Place of the function among the exports of the module. */
  readonly function: number;
  /** What it gets after its thread and the number of threads. */
  readonly numbers: readonly number[];
}

/** The error that a thread met first. */
export interface Failure {
  /** Whose; the caller's is 0. */
  readonly thread: number;
  /** What it threw. */
  readonly cause: unknown;
}

/** A message whose answers are awaited. */
interface Request {
  /** Workers that have not answered. */
  left: number;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** Milliseconds that the caller sleeps at most before it counts them as lost. */
const SLICE = 100;

/** Workers 1, 2, … that wait for jobs; the caller is thread 0. */
export class Crew {
  /** Whether the caller's thread may sleep; the main thread of a page may not. */
  readonly mayWait: boolean;
  readonly #control: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #workers: WorkerHandle[] = [];
  readonly #requests = new Map<number, Request>();
  readonly #ended: (cause: unknown) => void;
  #callerError: unknown;
  #lastRequest = 0;
  #over = false;

  private constructor(workers: number, ended: (cause: unknown) => void) {
    this.#control = new SharedArrayBuffer(controlBytes(workers));
    this.#words = new Int32Array(this.#control);
    this.#numbers = new Float64Array(this.#control, layout.numbersAt, layout.numbers);
    this.#ended = ended;
    this.mayWait = mayWait(this.#words);
  }

  /**
   * Starts so many workers.
   * @param ended - called when one ends by itself.
   * @throws what the host says where it refuses workers.
   */
  static async start(workers: number, ended: (cause: unknown) => void): Promise<Crew> {
    const crew = new Crew(workers, ended);
    try {
      for (let i = 0; i < workers; i++)
        crew.#workers.push(
          startWorker(workerScript, {
            message: (message) => crew.#answered(message),
            ended: (cause) => crew.#lost(cause),
          }),
        );
      await crew.request('open', (thread) => ({
        control: crew.#control,
        threads: workers + 1,
        thread,
        word: wordOf(thread),
      }));
    } catch (error) {
      await crew.end(error);
      throw error;
    }
    return crew;
  }

  /** Sends each worker a message and waits until all have done what it says. */
  request(kind: string, message: (thread: number) => object): Promise<void> {
    const id = ++this.#lastRequest;
    return new Promise((resolve, reject) => {
      this.#requests.set(id, { left: this.#workers.length, resolve, reject });
      this.#workers.forEach((worker, i) => {
        const word = wordOf(i + 1);
        worker.keepAlive(true);
        // Counted before it is sent: the worker goes back to its event loop and stays there until it has read it.
        Atomics.add(this.#words, word, layout.message);
        worker.post({ id, kind, ...message(i + 1) });
        Atomics.notify(this.#words, word);
      });
    });
  }

  /** Lets all workers begin. */
  begin({ program, function: index, numbers }: Job): void {
    const words = this.#words;
    words[layout.program] = program;
    words[layout.function] = index;
    words[layout.count] = numbers.length;
    for (let i = 0; i < numbers.length; i++) this.#numbers[i] = numbers[i] as number;
    for (let thread = 1; thread <= this.#workers.length; thread++) {
      Atomics.or(words, wordOf(thread), layout.run);
      Atomics.notify(words, wordOf(thread));
    }
  }

  /** Waits until all workers are done. Gives a thread that did nothing for so many seconds, if there is one. */
  join(patience: number): number | undefined {
    for (let thread = 1; thread <= this.#workers.length; thread++)
      if (!this.#awaitWorker(wordOf(thread), patience)) return thread;
    return undefined;
  }

  /** The caller's own part failed. */
  fail(error: unknown): void {
    if (Atomics.compareExchange(this.#words, layout.failed, 0, 1) === 0) this.#callerError = error;
  }

  /** What failed first, after a join. */
  failure(): Failure | undefined {
    const thread = Atomics.load(this.#words, layout.failed) - 1;
    if (thread < 0) return undefined;
    return { thread, cause: thread === 0 ? this.#callerError : this.#readError() };
  }

  /** Ends the workers; requests that wait fail with `cause`. */
  async end(cause: unknown): Promise<void> {
    this.#over = true;
    this.#reject(cause);
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  /** Whether the worker's job came to an end. */
  #awaitWorker(word: number, patience: number): boolean {
    let lost = 0;
    for (;;) {
      const value = Atomics.load(this.#words, word);
      if ((value & layout.run) === 0) return true;
      if (this.#changes(word, value)) continue;
      lost += SLICE / 1000;
      // The others of a job that failed leave soon, where they can.
      if (lost > (Atomics.load(this.#words, layout.failed) ? Math.min(1, patience) : patience)) return false;
    }
  }

  /** Whether the word changes within a slice. A pause of the whole machine counts as one slice, however long. */
  #changes(word: number, value: number): boolean {
    for (let spin = 0; spin < layout.spins; spin++) if (Atomics.load(this.#words, word) !== value) return true;
    if (this.mayWait) return Atomics.wait(this.#words, word, value, SLICE) !== 'timed-out';
    const began = performance.now();
    while (performance.now() - began < SLICE) if (Atomics.load(this.#words, word) !== value) return true;
    return false;
  }

  #readError(): Error {
    const length = this.#words[layout.textLength];
    // A decoder refuses shared memory.
    const bytes = new Uint8Array(this.#control, layout.textAt, length).slice();
    const [name = '', message = '', stack = ''] = new TextDecoder().decode(bytes).split('\0');
    return Object.assign(new Error(message), { name, stack: stack || `${name}: ${message}` });
  }

  #answered({ id, error }: { readonly id: number; readonly error?: string }): void {
    if (error !== undefined) this.#lost(new Error(error));
    const request = this.#requests.get(id);
    if (!request || --request.left > 0) return;
    this.#requests.delete(id);
    if (this.#requests.size === 0) for (const worker of this.#workers) worker.keepAlive(false);
    request.resolve();
  }

  #lost(cause: unknown): void {
    if (this.#over) return;
    this.#reject(cause);
    this.#ended(cause);
  }

  #reject(cause: unknown): void {
    for (const { reject } of this.#requests.values()) reject(cause);
    this.#requests.clear();
  }
}

function mayWait(words: Int32Array): boolean {
  try {
    Atomics.wait(words, layout.failed, 1, 0);
    return true;
  } catch {
    return false;
  }
}
