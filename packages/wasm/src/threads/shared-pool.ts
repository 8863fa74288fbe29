// Pools that several users share: opened by the first, closed by the last.
import { ThreadPool } from './pool.ts';

/** A share in a pool. */
export interface SharedPool {
  /** The pool; not to be closed by those who share it. */
  readonly pool: ThreadPool;
  /** Gives the share back; the last one closes the pool. Safe to call again. */
  readonly release: () => Promise<void>;
}

interface Entry {
  readonly opening: Promise<ThreadPool>;
  users: number;
}

const entries = new Map<number, Entry>();

/**
 * A share in the pool with so many threads, which is opened where there is none or a thread of it has failed.
 * @throws UnrolledError `THREADS_INVALID`
 */
export async function sharedPool(threads: number): Promise<SharedPool> {
  const found = entries.get(threads) ?? open(threads);
  found.users += 1;
  const pool = await found.opening;
  if (pool.state === 'open') return { pool, release: releaseOnce(threads, found, pool) };
  // Someone who opens the next may have been faster.
  if (entries.get(threads) === found) entries.delete(threads);
  return sharedPool(threads);
}

function open(threads: number): Entry {
  const entry = { opening: ThreadPool.open({ threads }), users: 0 };
  entries.set(threads, entry);
  entry.opening.catch(() => entries.delete(threads));
  return entry;
}

function releaseOnce(threads: number, entry: Entry, pool: ThreadPool): () => Promise<void> {
  let held = true;
  return async () => {
    if (!held) return;
    held = false;
    entry.users -= 1;
    if (entry.users > 0) return;
    if (entries.get(threads) === entry) entries.delete(threads);
    await pool.close();
  };
}
