// Starts one worker from text, in Node or in a browser.

/** A worker that runs. */
export interface WorkerHandle {
  /** Sends it a message. */
  readonly post: (message: unknown) => void;
  /** Ends it, whatever it does. */
  readonly end: () => Promise<unknown>;
  /** Whether the process stays alive for it; only Node asks. */
  readonly keepAlive: (wanted: boolean) => void;
}

/** What becomes of a worker. */
export interface WorkerListeners {
  /** It sent a message. */
  readonly message: (message: any) => void;
  /** It ended or never began. */
  readonly ended: (cause: unknown) => void;
}

type NodeThreads = typeof import('node:worker_threads');

/**
 * Starts a worker: one of the web where there are such (browsers, Deno, Bun), else Node's.
 * @throws what the host throws where it refuses workers.
 */
export function startWorker(script: string, listeners: WorkerListeners): WorkerHandle {
  if (typeof globalThis.Worker === 'function') return startInBrowser(script, listeners);
  const host = (globalThis as { process?: Partial<typeof process> }).process;
  if (typeof host?.getBuiltinModule === 'function')
    return startInNode(host.getBuiltinModule('node:worker_threads'), script, listeners);
  throw new Error('There are no workers here.');
}

function startInNode({ Worker }: NodeThreads, script: string, { message, ended }: WorkerListeners): WorkerHandle {
  // What the process preloads (by its arguments, by NODE_OPTIONS) is not for this worker.
  const worker = new Worker(script, { eval: true, execArgv: [], env: {} });
  worker.on('message', message);
  worker.on('error', ended);
  worker.on('exit', () => ended(new Error('The worker ended.')));
  return {
    post: (data) => worker.postMessage(data),
    end: () => worker.terminate(),
    keepAlive: (wanted) => (wanted ? worker.ref() : worker.unref()),
  };
}

function startInBrowser(script: string, { message, ended }: WorkerListeners): WorkerHandle {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.onmessage = ({ data }) => {
    URL.revokeObjectURL(url);
    message(data);
  };
  worker.onmessageerror = () => ended(new Error('A message could not be read.'));
  worker.onerror = (event) => {
    URL.revokeObjectURL(url);
    event.preventDefault();
    // A worker that is refused says nothing more.
    ended(new Error(event.message || 'The page refuses workers from blob: addresses (worker-src of its policy).'));
  };
  return {
    post: (data) => worker.postMessage(data),
    end: async () => worker.terminate(),
    keepAlive: () => {},
  };
}
