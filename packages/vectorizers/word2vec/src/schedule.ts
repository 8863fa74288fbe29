// The learning rate: it falls linearly over all epochs.
import type { Word2VecOptions } from './options.ts';

/** Learning rate after `words` words, of `total` in an epoch. */
export function learningRateAfter(words: number, total: number, options: Word2VecOptions): number {
  const { learningRate, finalLearningRate, epochs } = options;
  return learningRate - (learningRate - finalLearningRate) * Math.min(1, words / (epochs * total));
}
