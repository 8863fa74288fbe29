// Reads, inside a worker, what the caller offers: an iterable in chunks, each asked for when the one before has been used.
import type { CheckpointStore } from '../model/checkpoint-store.ts';
import type { Channel } from './channel.ts';
import { ownBytes } from './own-bytes.ts';
import type { CallerMethods, SentSource, SentStore } from './protocol.ts';

type Caller = Channel<CallerMethods>;

/** The source as something to iterate once, or the value that was none. */
export function readSource(caller: Caller, sent: SentSource): unknown {
  if (!('source' in sent)) return sent.value;
  return { [Symbol.asyncIterator]: () => items(caller, sent.source) };
}

async function* items(caller: Caller, source: number): AsyncGenerator<unknown, void, void> {
  let ended = false;
  try {
    for (;;) {
      const chunk = await caller.call('readSource', source);
      ended = chunk === undefined;
      if (!chunk) return;
      yield* chunk;
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) await caller.call('leaveSource', source);
  }
}

/** The caller's store as one of this side; anything else is left as it is. */
export function reachStore<T extends string | boolean | undefined>(
  caller: Caller,
  sent: SentStore | T,
): CheckpointStore | T {
  if (typeof sent !== 'object') return sent;
  const { store, name } = sent;
  return {
    name,
    read: () => caller.call('readStore', store),
    write: (files) => caller.call('writeStore', store, ownBytes(files)),
  };
}
