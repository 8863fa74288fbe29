// Word vectors trained in a page that may share memory: the bits that they have in Node, with one thread and with several.
import { expect, test } from 'vitest';
import { expectedOfWord2Vec, trainedByWord2Vec } from './word2vec-bits.ts';

test.each([1, 2, 4])('training with %i threads gives the bits that it gives in Node', async (threads) => {
  expect(await trainedByWord2Vec(threads)).toBe(expectedOfWord2Vec);
});
