// A run: a promise of a result and an async iterable of progress, over one producer that may be asked to stop.

/** A training under way: await it for the result, iterate it for progress. Leaving the loop stops after the current chunk and keeps what was learned. */
export interface TrainingRun<R, P> extends Promise<R>, AsyncIterable<P> {
  /** Stops after the current chunk and keeps what was learned; resolves when it has stopped. */
  readonly stop: () => Promise<R>;
}

/** Why a run ended: all epochs done, its loop was left or `stop` called, or its signal aborted. */
export type Stopped = 'finished' | 'left' | 'aborted';

/** What the producer sees of the run. */
export interface Control<P> {
  /** Hands out one report; resolves when every loop wants the next one. */
  readonly report: (progress: P) => Promise<void>;
  /** Why the run should stop now, if it should. */
  readonly stopping: () => Exclude<Stopped, 'finished'> | undefined;
}

/** One loop over a run: it sets the pace until somebody awaits the run itself. */
class Loop<P> {
  readonly #queue: P[] = [];
  #paced: boolean;
  #ended = false;
  #wake: () => void = () => {};
  #goOn: () => void = () => {};
  #asked = 0;
  #pushed = 0;

  constructor(paced: boolean) {
    this.#paced = paced;
  }

  push(progress: P): Promise<void> {
    this.#queue.push(progress);
    this.#pushed += 1;
    this.#wake();
    if (!this.#paced || this.#asked === 0 || this.#asked > this.#pushed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  async next(): Promise<P | undefined> {
    this.#asked += 1;
    if (this.#asked > this.#pushed) this.#goOn();
    while (this.#queue.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#queue.shift();
  }

  release(): void {
    this.#paced = false;
    this.#goOn();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }
}

/**
 * Starts `produce` at once. A loop sets the pace: the next report's work begins when the loop asks for it, so that leaving the
 * loop stops there. Once somebody awaits the run itself, the pace is no longer the loop's.
 */
export function startTraining<R, P>(
  produce: (control: Control<P>) => Promise<R>,
  signal: AbortSignal | undefined,
): TrainingRun<R, P> {
  const loops = new Set<Loop<P>>();
  let left = false;
  let awaited = false;
  let over = false;
  const control: Control<P> = {
    report: async (progress) => {
      await Promise.all([...loops].map((loop) => loop.push(progress)));
    },
    stopping: () => (left ? 'left' : signal?.aborted ? 'aborted' : undefined),
  };
  const finished = Promise.resolve()
    .then(() => produce(control))
    .finally(() => {
      over = true;
      for (const loop of loops) loop.end();
    }); // the only promise: a failure that nobody looks at stays visible to the host
  const released = (): Promise<R> => {
    awaited = true;
    for (const loop of loops) loop.release();
    return finished;
  };
  const stop = (): Promise<R> => {
    left = true;
    return released();
  };
  return {
    // biome-ignore lint/suspicious/noThenProperty: a run is a promise
    then: (fulfilled, rejected) => released().then(fulfilled, rejected),
    catch: (rejected) => released().catch(rejected),
    finally: (settled) => released().finally(settled),
    stop,
    [Symbol.asyncIterator]: () => iterate(loops, { paced: !awaited, over }, finished, stop),
    [Symbol.toStringTag]: 'TrainingRun',
  };
}

function iterate<R, P>(
  loops: Set<Loop<P>>,
  { paced, over }: { readonly paced: boolean; readonly over: boolean },
  finished: Promise<R>,
  stop: () => Promise<R>,
): AsyncIterator<P> {
  const loop = new Loop<P>(paced);
  loops.add(loop);
  if (over) loop.end(); // a loop that comes too late has nothing to wait for
  finished.catch(() => {}); // the loop throws it
  return {
    next: async () => {
      const progress = await loop.next();
      if (progress !== undefined) return { done: false, value: progress };
      await finished;
      return { done: true, value: undefined };
    },
    return: async () => {
      loops.delete(loop);
      loop.release();
      await stop();
      return { done: true, value: undefined };
    },
  };
}
