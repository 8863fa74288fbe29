// What the caller offers to its worker: iterables that are read in chunks, and checkpoint stores.
import type { CheckpointStore } from '../model/checkpoint-store.ts';
import type { Files } from '../model/file-set.ts';
import { readAhead } from '../pipeline/read-ahead.ts';
import { ownBytes } from './own-bytes.ts';
import type { CallerMethods, Id, SentSource, SentStore } from './protocol.ts';

/** Items of a source that cross in one message, at most. */
const chunkSize = 256;
/** How long a source that is read on the caller's thread may keep it, in milliseconds. */
const stretch = 8;

type Chunks = Iterator<unknown[]> | AsyncIterator<unknown[]>;

/** What is on offer for one call, until it ends. */
export interface Offer {
  /** Offers an iterable, each item as `pack` gives it; anything else crosses as it is. */
  readonly source: (given: unknown, pack: (item: unknown) => unknown) => SentSource;
  /** Offers a store; a path crosses as it is. */
  readonly store: <T extends string | boolean | undefined>(given: CheckpointStore | T) => SentStore | T;
  /** Takes all of it back; a source that a dead worker left in the middle is told. */
  readonly end: () => void;
}

/** Everything that is on offer. */
export interface Offers {
  /** Begins with nothing. */
  readonly open: () => Offer;
  /** What the worker can ask. */
  readonly methods: Pick<CallerMethods, 'readSource' | 'leaveSource' | 'readStore' | 'writeStore'>;
}

/** Nothing is on offer yet. */
export function createOffers(): Offers {
  const sources = new Map<Id, Chunks>();
  const stores = new Map<Id, CheckpointStore>();
  let last = 0;
  const open = (): Offer => {
    const ids: Id[] = [];
    const next = (): Id => {
      last += 1;
      ids.push(last);
      return last;
    };
    return {
      source: (given, pack) => {
        if (!isIterable(given)) return { value: given };
        const source = next();
        sources.set(source, chunksOf(given, pack));
        return { source };
      },
      store: (given) => {
        if (typeof given !== 'object') return given;
        const store = next();
        stores.set(store, given);
        return { store, name: given.name };
      },
      end: () => {
        for (const id of ids) {
          leave(sources.get(id));
          sources.delete(id);
          stores.delete(id);
        }
      },
    };
  };
  return {
    open,
    methods: {
      readSource: async (id) => {
        const { value, done } = (await sources.get(id)?.next()) ?? { done: true };
        return done ? undefined : value;
      },
      leaveSource: async (id) => {
        await sources.get(id)?.return?.();
      },
      readStore: async (id) => {
        const files = await stores.get(id)?.read();
        return files && ownBytes(files);
      },
      writeStore: async (id, files: Files) => stores.get(id)?.write(files),
    },
  };
}

/** Tells a source that nobody reads on; one that has ended, or was never begun, hears nothing. */
function leave(chunks: Chunks | undefined): void {
  Promise.resolve()
    .then(() => chunks?.return?.())
    .catch(() => {}); // the call that it was offered for has its own outcome
}

function chunksOf(source: Iterable<unknown> | AsyncIterable<unknown>, pack: (item: unknown) => unknown): Chunks {
  return Symbol.asyncIterator in source ? awaited(source, pack) : atHand(source, pack);
}

async function* awaited(source: AsyncIterable<unknown>, pack: (item: unknown) => unknown): AsyncGenerator<unknown[]> {
  for await (const chunk of readAhead(source, chunkSize, 0)) yield chunk.map(pack);
}

/** Chunks of what needs no waiting; an error of the source comes after what it gave. */
function* atHand(source: Iterable<unknown>, pack: (item: unknown) => unknown): Generator<unknown[]> {
  let chunk: unknown[] = [];
  let began = performance.now();
  try {
    for (const item of source) {
      chunk.push(pack(item));
      if (chunk.length < chunkSize && performance.now() - began < stretch) continue;
      yield chunk;
      chunk = [];
      began = performance.now();
    }
  } catch (error) {
    if (chunk.length > 0) yield chunk;
    throw error;
  }
  if (chunk.length > 0) yield chunk;
}

function isIterable(given: unknown): given is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof given === 'object' && given !== null && (Symbol.iterator in given || Symbol.asyncIterator in given);
}
