// A registry of one's own, with no preset: words, one-hot vectors, the vanilla cell, truncated BPTT, TensorFlow.js.
import { tfjs } from '@unrolled/backend-tfjs';
import { vanilla } from '@unrolled/cell-vanilla';
import { createRegistry, type Pipeline } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
import { manyToOne } from '@unrolled/task-many-to-one';
import { words } from '@unrolled/tokenizer-words';
import { truncatedBptt } from '@unrolled/trainer-truncated-bptt';
import { oneHot } from '@unrolled/vectorizer-one-hot';

const registry = createRegistry([
  words,
  oneHot,
  vanilla,
  manyToOne,
  categoricalCrossEntropy,
  adam,
  truncatedBptt,
  tfjs,
]);

/** Short orders, and which way they go. */
export const orders = [
  { text: 'please turn to the left', label: 'left' },
  { text: 'left at the next corner', label: 'left' },
  { text: 'go left now', label: 'left' },
  { text: 'take a left', label: 'left' },
  { text: 'please turn to the right', label: 'right' },
  { text: 'right at the next corner', label: 'right' },
  { text: 'go right now', label: 'right' },
  { text: 'take a right', label: 'right' },
] as const;

/** A pipeline that learns which way an order goes, looking back four words at most. */
export function createMix(): Pipeline<'left' | 'right'> {
  return registry.pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'one-hot' } },
    target: { labels: ['left', 'right'] },
    layers: [{ use: 'vanilla', with: { units: 8 } }],
    task: { use: 'many-to-one', with: { pool: 'mean' } },
    loss: { use: 'categorical-cross-entropy' },
    optimizer: { use: 'adam', with: { learningRate: 0.02 }, clip: { norm: 1 } },
    trainer: { use: 'truncated-bptt', with: { every: 2, window: 4 } },
    backend: { use: 'tfjs', with: { device: 'cpu' } },
  });
}
