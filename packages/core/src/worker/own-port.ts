// The worker's own end of the wire, in Node and in a browser.
import type { Port } from './channel.ts';

/** What a worker knows of itself. */
export interface OwnPort extends Port {
  /** Takes a lock that comes free when this worker ends, however it does; its name, or undefined where there are no locks. */
  readonly lock: () => Promise<string | undefined>;
}

/** What is used of a browser's worker scope. */
interface WorkerScope {
  readonly postMessage: (message: unknown) => void;
  readonly addEventListener: (type: 'message', listener: (event: MessageEvent) => void) => void;
}

/** The port of the worker that this runs in; undefined on a main thread. */
export function ownPort(): OwnPort | undefined {
  const host = (globalThis as { process?: Partial<typeof process> }).process;
  const parent = host?.getBuiltinModule?.('node:worker_threads').parentPort;
  if (parent)
    return {
      post: (message) => parent.postMessage(message),
      listen: (take) => parent.on('message', take),
      lock: async () => undefined, // Node tells the owner
    };
  const scope = globalThis as unknown as WorkerScope;
  if (!('DedicatedWorkerGlobalScope' in globalThis)) return undefined;
  return {
    post: (message) => scope.postMessage(message),
    listen: (take) => scope.addEventListener('message', ({ data }) => take(data)),
    lock: takeLock,
  };
}

/** Locks exist in pages that came over https or from this machine. */
async function takeLock(): Promise<string | undefined> {
  if (!navigator.locks) return undefined;
  const name = `unrolled-worker-${crypto.randomUUID()}`;
  await new Promise<void>((resolve) => {
    navigator.locks.request(name, () => {
      resolve();
      return new Promise<void>(() => {}); // held for life
    });
  });
  return name;
}
