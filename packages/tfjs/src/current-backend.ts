// TensorFlow.js computes on one backend at a time, which everyone on the page shares.
import type { Device, Tf } from './tensorflow.ts';

/** Whether a backend of TensorFlow.js has been started, by us or by anyone. */
export function isStarted(tf: Tf, name: string): boolean {
  return name in tf.engine().registry;
}

/** The backend that computes now, if one does. */
export function currentBackend(tf: Tf): string | undefined {
  const name = tf.getBackend() as string | null;
  return name !== null && isStarted(tf, name) ? name : undefined;
}

let starting: Promise<unknown> | undefined;

/** Runs `start`, which starts a backend, after those before it: until it is done nothing else of ours computes. */
export function whileStarting<T>(start: () => Promise<T>): Promise<T> {
  const started = (starting ?? Promise.resolve()).then(start);
  const done = started
    .catch(() => {})
    .then(() => {
      if (starting === done) starting = undefined;
    });
  starting = done;
  return started;
}

/** TensorFlow.js computes nothing while one of its backends is starting, and drops it when another one is asked for. */
async function settled(): Promise<void> {
  while (starting) await starting;
}

/**
 * Runs `f` with `device` as the current backend of TensorFlow.js, and sets back the one that was current: the page or
 * another executable may use TensorFlow.js too. `f` must not wait for anything.
 */
export async function runOn<T>(tf: Tf, device: Device, f: () => T): Promise<T> {
  await settled();
  const before = currentBackend(tf);
  if (before === device) return f();
  // Takes effect at once, since the backend has been started; only the promise comes later.
  void tf.setBackend(device);
  try {
    return f();
  } finally {
    if (before !== undefined) void tf.setBackend(before);
  }
}
