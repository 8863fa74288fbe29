// A fingerprint of word vectors that were trained, the same on every engine and with any number of threads.
import { drawUniform24 } from '@unrolled/core';
import { trainWord2Vec, type Word2VecOptions } from '@unrolled/vectorizer-word2vec';
import { fingerprint } from './bits.ts';

/** What {@link trainedByWord2Vec} gives everywhere. It changes with any change of what is computed, in whichever order. */
export const expectedOfWord2Vec = 2131951352;

/** Both ways to predict, both softmaxes, words of several rows; a batch of each holds more than one position. */
const variants: readonly Partial<Word2VecOptions>[] = [
  {},
  { mode: 'cbow', negatives: 9, exactGradient: true, maximumNgram: 4 },
  { softmax: 'hierarchical', size: 13 },
];

/** Trains three kinds of vectors and folds the bits of all their weights into one number. */
export async function trainedByWord2Vec(threads: number): Promise<number> {
  const sentences = drawnSentences(600, 300);
  const tensors: [string, { shape: readonly number[]; data: Float32Array }][] = [];
  for (const [index, variant] of variants.entries()) {
    const { vectors, output } = await trainWord2Vec(sentences, {
      ...{ size: 20, window: 4, minimumCount: 2, epochs: 2, seed: 11, threads },
      ...variant,
    });
    tensors.push([`vectors ${index}`, { shape: [vectors.values.length], data: vectors.values }]);
    tensors.push([`output ${index}`, { shape: [output.length], data: output }]);
  }
  return fingerprint(Object.fromEntries(tensors));
}

/** Sentences of words of which some are common and most are rare. */
function drawnSentences(count: number, words: number): string[][] {
  return Array.from({ length: count }, (_, sentence) => {
    const draw = (unit: number): number => drawUniform24({ seed: 3, purpose: 'sample', example: sentence }, unit);
    return Array.from({ length: Math.floor(20 * draw(0)) }, (_, at) => {
      const [a, b] = [draw(1 + 2 * at), draw(2 + 2 * at)];
      return `word${Math.floor(words * a * a * b)}`;
    });
  });
}
