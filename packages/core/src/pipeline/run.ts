// A run: a promise of its result and an async iterable of progress, over one producer that may be asked to stop.
import type { History, Progress, StopReason } from './progress.ts';

/**
 * A training under way: await it for its result, of a fit the history, iterate it for progress. Leaving the loop stops after
 * the current step and keeps what was learned.
 */
export interface Run<R = History, P = Progress> extends Promise<R>, AsyncIterable<P> {
  /** Stops after the current step and keeps what was learned; resolves when it has stopped. */
  readonly stop: () => Promise<R>;
}

/** Why a run is asked to stop: its loop was left or `stop` called, or its signal aborted. */
export type AskedToStop = Extract<StopReason, 'left' | 'aborted'>;

/** What the producer sees of the run. */
export interface RunControl<P = Progress> {
  /** Hands out one report; resolves when every loop wants the next one. */
  readonly report: (progress: P) => Promise<void>;
  /** Why the run should stop now, if it should. */
  readonly stopping: () => AskedToStop | undefined;
}

/** What a run stands on. */
export interface RunParts<R, P> {
  /** Its result; a failure that nobody looks at stays visible to the host. */
  readonly finished: Promise<R>;
  /** Begins a loop. */
  readonly open: () => RunLoop<P>;
  /** Asks the run to stop. */
  readonly stop: () => void;
  /** From now on no loop sets the pace. */
  readonly release: () => void;
}

/** One loop over a run. */
export interface RunLoop<P> {
  /** The next report; undefined when the run is over. */
  readonly next: () => Promise<P | undefined>;
  /** Nobody reads on. */
  readonly leave: () => void;
}

/** The promise and the iterable that a caller gets. */
export function createRun<R, P>({ finished, open, stop, release }: RunParts<R, P>): Run<R, P> {
  const released = (): Promise<R> => {
    release();
    return finished;
  };
  const stopped = (): Promise<R> => {
    stop();
    return released();
  };
  const iterate = (): AsyncIterator<P> => {
    const loop = open();
    finished.catch(() => {}); // the loop throws it
    return {
      next: async () => {
        const progress = await loop.next();
        if (progress !== undefined) return { done: false, value: progress };
        await finished;
        return { done: true, value: undefined };
      },
      return: async () => {
        loop.leave();
        await stopped();
        return { done: true, value: undefined };
      },
    };
  };
  return {
    // biome-ignore lint/suspicious/noThenProperty: a run is a promise
    then: (fulfilled, rejected) => released().then(fulfilled, rejected),
    catch: (rejected) => released().catch(rejected),
    finally: (settled) => released().finally(settled),
    stop: stopped,
    [Symbol.asyncIterator]: iterate,
    [Symbol.toStringTag]: 'Run',
  };
}

/**
 * Starts `produce` at once.
 *
 * A loop sets the pace: the next step begins when the loop asks for it, so that leaving the loop stops at that very step.
 * Once somebody awaits the run itself, the pace is no longer the loop's, so that awaiting inside a loop can't lock up.
 */
export function startRun<R = History, P = Progress>(
  produce: (control: RunControl<P>) => Promise<R>,
  signal?: AbortSignal,
): Run<R, P> {
  const loops = new Set<Loop<P>>();
  let left = false;
  let awaited = false;
  let over = false;
  const control: RunControl<P> = {
    report: async (progress) => {
      await Promise.all([...loops].map((loop) => loop.push(progress)));
    },
    stopping: () => (left ? 'left' : signal?.aborted ? 'aborted' : undefined),
  };
  const end = (): void => {
    over = true;
    for (const loop of loops) loop.end();
  };
  const finished = Promise.resolve()
    .then(() => produce(control))
    .finally(end); // the only promise: a failure that nobody looks at stays visible to the host
  return createRun({
    finished,
    open: () => {
      const loop = createLoop<P>(awaited);
      loops.add(loop);
      if (over) loop.end(); // a loop that comes too late has nothing to wait for
      const leave = (): void => {
        loops.delete(loop);
        loop.release();
      };
      return { next: loop.next, leave };
    },
    stop: () => {
      left = true;
    },
    release: () => {
      awaited = true;
      for (const loop of loops) loop.release();
    },
  });
}

/** One loop over the run: a queue that holds at most one report while it sets the pace. */
interface Loop<P> {
  readonly push: (progress: P) => Promise<void>;
  readonly next: () => Promise<P | undefined>;
  readonly release: () => void;
  readonly end: () => void;
}

function createLoop<P>(released: boolean): Loop<P> {
  const queue: P[] = [];
  let paced = !released;
  let ended = false;
  let wake: (() => void) | undefined;
  let goOn: (() => void) | undefined;
  let asked = 0;
  let pushed = 0;
  return {
    push: (progress) => {
      queue.push(progress);
      pushed += 1;
      wake?.();
      if (!paced || asked === 0 || asked > pushed) return Promise.resolve();
      return new Promise((resolve) => {
        goOn = resolve;
      });
    },
    next: async () => {
      asked += 1;
      if (asked > pushed) goOn?.();
      while (queue.length === 0 && !ended)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return queue.shift();
    },
    release: () => {
      paced = false;
      goOn?.();
    },
    end: () => {
      ended = true;
      wake?.();
    },
  };
}
