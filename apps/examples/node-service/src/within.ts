// Waits for a client, but not for ever.
import { UnrolledError } from 'unrolled';

/** How long a client is waited for. */
export interface Patience {
  /** Milliseconds. */
  readonly silenceMs: number;
  /** Ends the waiting at once; its reason is thrown. */
  readonly signal: AbortSignal;
}

/**
 * What `promise` gives, if it does in time. A timer and a listener of each call's own, taken away at its end: `Promise.race` with
 * a signal that outlives thousands of calls would keep something of each.
 * @throws UnrolledError `CLIENT_SILENT`; the signal's reason; what `promise` throws
 */
export function within<Value>(promise: Promise<Value>, { silenceMs, signal }: Patience): Promise<Value> {
  return new Promise((resolve, reject) => {
    const settle = <Value>(how: (value: Value) => void) => {
      return (value: Value): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        how(value);
      };
    };
    const fail = settle(reject);
    const stop = (): void => fail(signal.reason);
    const silent = (): void =>
      fail(new UnrolledError('CLIENT_SILENT', `Nothing was sent or read for ${silenceMs} ms.`));
    const timer = setTimeout(silent, silenceMs);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    promise.then(settle(resolve), fail);
  });
}
