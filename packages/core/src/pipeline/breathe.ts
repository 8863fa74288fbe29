// Gives the thread back to its host now and then, so that a page stays alive while it trains.

/** Longest stretch of work between two breaths, in milliseconds; the promise made to callers is 50. */
const stretch = 25;

/** Resolves in a later task where the thread has been kept for a while; undefined, which costs nothing to await, where it has not. */
export type Breathe = () => Promise<void> | undefined;

/** A breather whose first stretch begins now. */
export function createBreathe(): Breathe {
  let last = performance.now();
  const breath = async (): Promise<void> => {
    await nextTask();
    last = performance.now();
  };
  return () => (performance.now() - last < stretch ? undefined : breath());
}

/** Resolves in a new task of the event loop, without the four milliseconds that nested timers wait in browsers. */
export function nextTask(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void };
  if (setImmediate) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
