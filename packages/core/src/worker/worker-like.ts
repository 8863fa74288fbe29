// A worker as its owner sees it, in Node and in a browser: a port, and word of its death.
import type { Port } from './channel.ts';

/** What is used of a web `Worker`. */
export interface WebWorker {
  /** Sends a structured clone. */
  readonly postMessage: (message: unknown) => void;
  /** Hears messages and errors. */
  readonly addEventListener: (type: string, listener: (event: any) => void) => void;
  /** Ends it. */
  readonly terminate: () => void;
}

/** What is used of a `Worker` of `node:worker_threads`. */
export interface NodeWorker {
  /** Sends a structured clone. */
  readonly postMessage: (message: unknown) => void;
  /** Hears messages, errors and its end. */
  readonly on: (event: string, listener: (value: any) => void) => unknown;
  /** Ends it. */
  readonly terminate: () => Promise<number>;
  /** It keeps the process alive. */
  readonly ref: () => void;
  /** It does not keep the process alive. */
  readonly unref: () => void;
}

/** A worker on either host. */
export type AnyWorker = WebWorker | NodeWorker;

/** A worker that is owned. */
export interface Owned extends Port {
  /** Hears how it died: a phrase, and the error underneath. */
  readonly onDeath: (died: (how: string, cause?: unknown) => void) => void;
  /** Whether the process should wait for it; a page never does. */
  readonly hold: (wanted: boolean) => void;
  /** Hears when the lock of that name, which it holds while it lives, is free. */
  readonly watch: (lock: string | undefined, freed: () => void) => void;
  /** Ends it. */
  readonly end: () => Promise<void>;
}

/** Takes charge of `worker`. */
export function own(worker: AnyWorker): Owned {
  return 'on' in worker ? ownNode(worker) : ownWeb(worker);
}

function ownNode(worker: NodeWorker): Owned {
  return {
    post: (message) => worker.postMessage(message),
    listen: (take) => worker.on('message', take),
    onDeath: (died) => {
      worker.on('error', (error) => died(said(error), error));
      worker.on('messageerror', (error) => died(said(error), error));
      worker.on('exit', (code) => died(`it ended with exit code ${code}`));
    },
    hold: (wanted) => (wanted ? worker.ref() : worker.unref()),
    watch: () => {}, // its exit is told
    end: async () => {
      await worker.terminate();
    },
  };
}

function ownWeb(worker: WebWorker): Owned {
  const over = new AbortController();
  return {
    post: (message) => worker.postMessage(message),
    listen: (take) => worker.addEventListener('message', ({ data }) => take(data)),
    onDeath: (died) => {
      // A script that can't be loaded gives an event without a message.
      worker.addEventListener('error', ({ message, error }) =>
        died(message ?? 'its script could not be loaded', error ?? undefined),
      );
      worker.addEventListener('messageerror', () => died('a message could not be read'));
    },
    hold: () => {},
    // Browsers don't say that a worker was ended, but its locks come free.
    watch: (lock, freed) => {
      if (lock === undefined) return;
      const { signal } = over;
      navigator.locks.request(lock, { signal }, freed).catch(() => {}); // given up by `end`
    },
    end: async () => {
      over.abort();
      worker.terminate();
    },
  };
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
