// Counts the operations that TensorFlow runs.
import { createRequire } from 'node:module';
import type { Tf } from '@unrolled/tfjs';

/** What is counted through. */
interface Counted {
  executeMultipleOutputs: (name: string, ...rest: unknown[]) => unknown;
  executeSingleOutput: (name: string, ...rest: unknown[]) => unknown;
}

/** TensorFlow.js for Node, as the package under test loads it. */
export const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node') as Tf;

/** How often each operation is run while `f` runs. */
export async function countOperations(f: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const backend = tf.findBackend('tensorflow') as unknown as Counted;
  const counts: Record<string, number> = {};
  for (const method of ['executeMultipleOutputs', 'executeSingleOutput'] as const) {
    const original = Object.getPrototypeOf(backend)[method] as Counted[typeof method];
    backend[method] = function (this: unknown, name, ...rest) {
      counts[name] = (counts[name] ?? 0) + 1;
      return original.call(this, name, ...rest);
    };
  }
  try {
    await f();
  } finally {
    for (const method of ['executeMultipleOutputs', 'executeSingleOutput'])
      delete (backend as unknown as Record<string, unknown>)[method];
  }
  return counts;
}
