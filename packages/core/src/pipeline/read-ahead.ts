// Gathers the items of a stream into chunks, as many as come without waiting long.

/**
 * Chunks of at most `size` items, in order; a chunk is given out early where the source is slow, and before an error of the
 * source is thrown.
 * @param patience - how long an incomplete chunk waits for the next item, in milliseconds.
 */
export async function* readAhead<T>(
  source: Iterable<T> | AsyncIterable<T>,
  size: number,
  patience = 5,
): AsyncGenerator<T[], void, void> {
  const iterator = iterate(source);
  let chunk: T[] = [];
  let ended = false;
  let underWay: Promise<IteratorResult<T>> | undefined;
  const take = (): T[] => {
    const taken = chunk;
    chunk = [];
    return taken;
  };
  try {
    while (!ended) {
      underWay = Promise.resolve(iterator.next());
      const outcome = await settle(underWay, chunk.length > 0 ? patience : Infinity);
      if (outcome === 'late') yield take();
      else if (outcome === 'failed' && chunk.length > 0) yield take();
      const result = await underWay;
      underWay = undefined;
      ended = result.done === true;
      if (!result.done) chunk.push(result.value);
      if (chunk.length >= size || (ended && chunk.length > 0)) yield take();
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) await leave(iterator, underWay);
  }
}

/** Tells the source that nobody reads on; a source that is busy is not waited for. */
async function leave<T>(
  iterator: AsyncIterator<T> | Iterator<T>,
  underWay: Promise<unknown> | undefined,
): Promise<void> {
  const left = Promise.resolve(iterator.return?.());
  if (!underWay) await left;
  else for (const promise of [left, underWay]) promise.catch(() => {});
}

function iterate<T>(source: Iterable<T> | AsyncIterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

/** How a promise stands after at most `milliseconds`. */
async function settle(promise: Promise<unknown>, milliseconds: number): Promise<'done' | 'failed' | 'late'> {
  const settled = promise.then(
    () => 'done' as const,
    () => 'failed' as const,
  );
  if (milliseconds === Infinity) return settled;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  const first = await Promise.race([settled, late]);
  clearTimeout(timer);
  return first;
}
