// The worker's side: keeps pipelines, models, runs and streams for its owner, and answers its calls.

import type { Learns } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import { readAhead } from '../pipeline/read-ahead.ts';
import type { Run } from '../pipeline/run.ts';
import type { Anatomy, GeneratedText, GeneratedToken, Model, Pipeline } from '../pipeline/types.ts';
import type { AnyRegistry } from '../registry/registry.ts';
import { type Channel, createChannel } from './channel.ts';
import { ownBytes } from './own-bytes.ts';
import { ownPort } from './own-port.ts';
import type { Answer, CallerMethods, Id, WorkerMethods } from './protocol.ts';
import { readSource } from './read-source.ts';
import { type RunHere, runHere } from './run-here.ts';

/** Predictions of a stream that cross in one message, at most. */
const chunkSize = 256;

/** A text that is being written. */
interface Writing {
  readonly run: Run<GeneratedText, GeneratedToken>;
  readonly tokens: AsyncIterator<GeneratedToken>;
}

/** What a worker serves: a registry, whatever its plug-ins. */
export interface ServedRegistry extends Pick<AnyRegistry, 'load'> {
  /** A pipeline of a manifest. */
  readonly pipeline: (manifest: any) => Pipeline<string, any>;
}

/**
 * Serves `registry` to the owner of the worker that this runs in; the whole of a worker's script. The owner calls
 * {@link connectWorker}, and may name a module with another registry.
 * @throws UnrolledError `WORKER_NEEDED` on a main thread
 */
export function serveWorker(registry: ServedRegistry): void {
  const port = ownPort();
  if (!port)
    throw new UnrolledError('WORKER_NEEDED', 'serveWorker was called on a main thread.', {
      mend: 'Call it in the script of a worker, and connectWorker here.',
    });
  const locked = port.lock();
  const greet = async (): Promise<void> => channel.tell('hello', await locked);
  const channel: Channel<CallerMethods> = createChannel<CallerMethods>(
    port,
    createMethods(
      registry,
      () => channel,
      () => void greet(),
    ),
  );
  void greet();
}

function createMethods(own: ServedRegistry, caller: () => Channel<CallerMethods>, knock: () => void): WorkerMethods {
  let registry = own;
  const pipelines = new Map<Id, Pipeline<string, Learns>>();
  const models = new Map<Id, Model<string, Learns> | { readonly refused: unknown }>();
  const runs = new Map<Id, RunHere>();
  const streams = new Map<Id, AsyncGenerator<Answer[], void, void>>();
  const texts = new Map<Id, Writing | { readonly refused: unknown }>();
  const anatomies = new Map<Id, Anatomy['batch']>();

  const model = (id: Id): Model<string, Learns> => {
    const found = models.get(id) as Model<string, Learns> | { readonly refused: unknown };
    if ('refused' in found) throw found.refused;
    return found;
  };
  const at = <T>(things: ReadonlyMap<Id, T>, id: Id): T => things.get(id) as T;

  return {
    knock,
    open: async (module) => {
      if (module !== undefined) registry = await importRegistry(module);
    },
    pipeline: (id, manifest) => {
      try {
        const made = registry.pipeline(manifest);
        pipelines.set(id, made);
        models.set(id, made);
      } catch (refused) {
        models.set(id, { refused });
      }
    },
    load: async (id, source, settings) => {
      const loaded = await registry.load(source, settings);
      models.set(id, loaded);
      return loaded.info();
    },
    fit: async (id, run, data, settings, aborted) => {
      model(id);
      const started = runHere(caller(), at(pipelines, id), run, data, settings, aborted);
      runs.set(run, started);
      const end = await started.ended;
      runs.delete(run);
      return end;
    },
    report: async (run) => runs.get(run)?.next(),
    stop: (run, reason) => runs.get(run)?.stop(reason),
    predict: async (id, inputs, settings) => model(id).predict(inputs as string, settings),
    step: async (id, piece, before) => model(id).step(piece, before),
    openStream: (id, stream, inputs, settings) => {
      const predictions = async function* () {
        yield* model(id).predict(readSource(caller(), inputs) as AsyncIterable<string>, settings);
      };
      streams.set(stream, readAhead(predictions(), chunkSize, 0));
    },
    readStream: async (stream) => {
      try {
        const { value } = await at(streams, stream).next();
        if (!value) streams.delete(stream);
        return value ?? undefined;
      } catch (error) {
        streams.delete(stream);
        throw error;
      }
    },
    leaveStream: async (stream) => {
      await at(streams, stream).return();
      streams.delete(stream);
    },
    generate: (id, text, prompt, settings) => {
      try {
        const run = model(id).generate(prompt, settings);
        texts.set(text, { run, tokens: run[Symbol.asyncIterator]() });
      } catch (refused) {
        texts.set(text, { refused });
      }
    },
    readToken: async (text) => {
      const writing = at(texts, text);
      try {
        if ('refused' in writing) throw writing.refused;
        const next = await writing.tokens.next();
        if (!next.done) return { token: next.value };
      } catch (error) {
        texts.delete(text);
        throw error;
      }
      texts.delete(text);
      return { text: await writing.run };
    },
    stopText: (text) => {
      const writing = texts.get(text);
      if (writing && 'run' in writing) void writing.run.stop();
    },
    evaluate: async (id, data, settings) => model(id).evaluate(readSource(caller(), data) as never, settings),
    toFiles: async (id, settings) => ownBytes(await model(id).toFiles(settings)),
    save: async (id, path, settings) => model(id).save(path, settings),
    anatomy: async (id, anatomy) => {
      const { network, parameters, batch } = await model(id).anatomy();
      anatomies.set(anatomy, batch);
      return { network, parameters };
    },
    batch: (anatomy, input, target) => at(anatomies, anatomy)(input, target),
    dispose: (id) => model(id).dispose(),
  };
}

/** The registry of a module. @throws UnrolledError `REGISTRY_INVALID` */
async function importRegistry(module: string): Promise<ServedRegistry> {
  const mend = 'Give the address of a module that exports a registry of createRegistry by default.';
  const found = await import(/* @vite-ignore */ /* webpackIgnore: true */ module).catch((cause) => {
    throw new UnrolledError('REGISTRY_INVALID', `${module} can't be imported: ${String(cause)}.`, { mend, cause });
  });
  const registry = (found as { readonly default?: Partial<ServedRegistry> }).default;
  if (typeof registry?.pipeline === 'function' && typeof registry.load === 'function')
    return registry as ServedRegistry;
  throw new UnrolledError('REGISTRY_INVALID', `${module} exports no registry by default.`, { mend });
}
