// The entry unrolled/worker: pipelines and models off the caller's thread, in Node and in a browser.
import type { Registry } from '@unrolled/core';
import {
  type AnyWorker,
  type ConnectSettings,
  connectWorker,
  type RegistryWorker,
  type ServedRegistry,
} from '@unrolled/core/worker';
import type { DefaultPlugin } from './registry.ts';

export * from '@unrolled/core/worker';

/**
 * Opens a worker with the default registry, or with the one that a module exports by default:
 *
 * ```ts no-run
 * import { openWorker } from 'unrolled/worker';
 *
 * const worker = await openWorker({ registry: new URL('./my-registry.js', import.meta.url) });
 * ```
 *
 * `openWorker<typeof registry>` says which plug-ins it has. A browser imports the module as it is; under a bundler write a
 * worker of your own instead, whose script calls {@link serveWorker}, and give it to {@link connectWorker}.
 * @throws UnrolledError `WORKER_FAILED` where it can't start, `REGISTRY_INVALID`
 */
export async function openWorker<R extends ServedRegistry = Registry<DefaultPlugin>>(
  settings: ConnectSettings = {},
): Promise<RegistryWorker<R>> {
  return connectWorker<R>(startWorker(), settings);
}

function startWorker(): AnyWorker {
  const host = (globalThis as { process?: Partial<typeof process> }).process;
  const threads = host?.getBuiltinModule?.('node:worker_threads');
  // Bundlers for pages must see the second line and not the first, which they would take for a file to copy.
  const script = './worker/entry.js';
  if (threads) {
    // A worker takes over the flags of its process; of these Node refuses --input-type for a script that is a file.
    const fromText = host?.execArgv?.some((flag) => flag.startsWith('--input-type'));
    return new threads.Worker(new URL(script, import.meta.url), fromText ? { execArgv: [] } : {});
  }
  return new Worker(new URL('./worker/entry.js', import.meta.url), { type: 'module' });
}
