// How many threads this page may use, and why not more.

/** A small batch has no more work than for these. */
const most = 4;

/** Threads to ask for. */
export interface Threads {
  readonly count: number;
  /** For the visitor. */
  readonly sentence: string;
}

/** Threads of the page that this runs in; the numbers do not depend on them. */
export function threadsHere(): Threads {
  if (!globalThis.crossOriginIsolated)
    return {
      count: 1,
      sentence:
        'It computes on 1 thread: browsers share memory between threads only in pages served with the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy. The numbers are the same.',
    };
  const count = Math.max(1, Math.min(navigator.hardwareConcurrency, most));
  return { count, sentence: `It computes on up to ${count} ${count === 1 ? 'thread' : 'threads'}.` };
}
