// The caller's side: a registry whose pipelines and models live in a worker.
import type { Learns } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import type { Files } from '../model/file-set.ts';
import type { ModelSource } from '../model/load.ts';
import { createChannel } from './channel.ts';
import { createOffers } from './offers.ts';
import { ownBytes } from './own-bytes.ts';
import type { CallerMethods, Id, WorkerMethods } from './protocol.ts';
import { type Link, remoteModel } from './remote-model.ts';
import { type PipelineState, remotePipeline } from './remote-pipeline.ts';
import type { ServedRegistry } from './serve.ts';
import { type AnyWorker, own } from './worker-like.ts';

/**
 * A registry that lives in a worker. Its pipelines and models have the methods of any other and compute off the caller's
 * thread, with the same results bit for bit.
 *
 * What differs: what is wrong with a manifest is said by the first call; a loop over a run does not set its pace, so a slow
 * loop gets the latest report (and every one that ends an epoch); a run that is stopped, stops after the step that the worker
 * is in. Any call may reject with `WORKER_FAILED` where the worker died, with `WORKER_CLOSED` after `close`, and with
 * `WORKER_UNSENDABLE` for values that can't cross between threads, such as functions. Pipelines and models
 * take memory in the worker until it is closed.
 */
export type RegistryWorker<R extends ServedRegistry = ServedRegistry> = Pick<R, 'pipeline' | 'load'> & {
  /** Ends the worker; what still waits for it rejects with `WORKER_CLOSED`. */
  readonly close: () => Promise<void>;
};

/** How a worker is connected. */
export interface ConnectSettings {
  /** A module whose default export is the registry to use; without it the one that the worker's script serves. */
  readonly registry?: string | URL;
}

/**
 * Connects to `worker`, whose script must call {@link serveWorker}; `R` is the type of the registry there. In Node the worker keeps the process alive only while
 * a call waits for it.
 * @throws UnrolledError `WORKER_FAILED`, `REGISTRY_INVALID` for a module that is missing or exports none by default
 */
export async function connectWorker<R extends ServedRegistry = ServedRegistry>(
  worker: AnyWorker,
  { registry }: ConnectSettings = {},
): Promise<RegistryWorker<R>> {
  const owned = own(worker);
  const offers = createOffers();
  const runs = new Map<Id, PipelineState>();
  let heard: (lock: string | undefined) => void = () => {};
  const methods: CallerMethods = {
    ...offers.methods,
    hello: (lock) => heard(lock),
    begun: (run, info) => {
      const state = runs.get(run);
      if (state) state.info = info;
    },
  };
  const channel = createChannel<WorkerMethods>(owned, methods, owned.hold);
  const fail = (how: string, cause?: unknown): void => channel.fail(workerFailed(how, cause));
  owned.onDeath(fail);
  const close = async (): Promise<void> => {
    channel.fail(
      new UnrolledError('WORKER_CLOSED', 'The worker has been closed.', { mend: 'Open another with openWorker.' }),
    );
    await owned.end();
  };
  try {
    const lock = await channel.wait<string | undefined>((resolve) => {
      heard = resolve;
      channel.tell('knock');
    });
    owned.watch(lock, () => fail('it was ended'));
    await channel.call('open', registry && String(registry));
  } catch (error) {
    await close();
    throw error;
  }
  let last = 0;
  const nextId = (): Id => {
    last += 1;
    return last;
  };
  const link: Link = { channel, offers, nextId };
  const follow = (run: Id, state: PipelineState | undefined): void => {
    if (state) runs.set(run, state);
    else runs.delete(run);
  };
  const registryThere: ServedRegistry = {
    pipeline: (manifest) => remotePipeline<string, Learns>(link, manifest, follow),
    load: async (source, settings) => {
      const id = nextId();
      const info = await channel.call('load', id, sentSource(source), settings);
      return remoteModel(link, id, () => info);
    },
  };
  return { ...(registryThere as R), close };
}

function workerFailed(how: string, cause: unknown): UnrolledError {
  return new UnrolledError('WORKER_FAILED', `The worker died: ${how.replace(/\.$/, '')}.`, {
    mend: 'Open another with openWorker; a run goes on from its last checkpoint with resume.',
    cause,
  });
}

/** A relative URL is the page's, not the worker's. */
function sentSource(source: ModelSource): Files | string {
  if (typeof source === 'object' && !(source instanceof URL)) return ownBytes(source);
  const page = globalThis.document?.baseURI;
  return page === undefined ? String(source) : new URL(source, page).href;
}
