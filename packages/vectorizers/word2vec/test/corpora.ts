// Corpora for tests: sentences of words that are drawn by Zipf's law, from topics, so that there is something to learn.
import { drawUniform24 } from '@unrolled/core';

/** Sentences of `length` words on the average, out of `words` words. */
export function zipfCorpus(sentences: number, words: number, length = 8): string[][] {
  return Array.from({ length: sentences }, (_, sentence) => {
    const draw = (unit: number): number => drawUniform24({ seed: 7, purpose: 'sample', example: sentence }, unit);
    const topic = Math.floor(4 * draw(0));
    return Array.from({ length: Math.round(2 * length * draw(1)) }, (_, at) => {
      const rank = Math.floor(words ** draw(2 + 2 * at)) - 1;
      const own = draw(3 + 2 * at) < 0.7 ? (rank - (rank % 4) + topic) % words : rank;
      return `w${own}`;
    });
  });
}
