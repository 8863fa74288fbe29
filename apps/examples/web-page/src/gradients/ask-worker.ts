// Asks the worker that looks into networks, one question after the other.
import type { Anatomy } from 'unrolled';
import { sentence } from './sentence.ts';

/** Gradient norms of the sentence by lag. */
export type AskNorms = (anatomy: Anatomy) => Promise<number[]>;

/** Starts the worker. */
export function openNorms(): AskNorms {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return async ({ network, parameters, batch }) => {
    const question = { network, parameters, batch: await batch(sentence.text, sentence.label) };
    // The weights are a copy, so they can be handed over.
    const owned = new Set(Object.values(parameters).map(({ data }) => data.buffer as ArrayBuffer));
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(question, [...owned]);
    });
  };
}
