// Wall-clock seconds, in all and since the last lap.

/** Measures seconds from its creation. */
export interface Stopwatch {
  /** Seconds since the last call, or since the beginning. */
  readonly lap: () => number;
  /** Seconds since the beginning. */
  readonly total: () => number;
}

/** Starts now. */
export function createStopwatch(): Stopwatch {
  const began = performance.now();
  let last = began;
  return {
    lap: () => {
      const now = performance.now();
      const seconds = (now - last) / 1000;
      last = now;
      return seconds;
    },
    total: () => (performance.now() - began) / 1000,
  };
}
