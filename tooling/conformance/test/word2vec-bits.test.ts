// The bits of word vectors that were trained, in Node; apps/browser-tests asks Chromium for the same.
import { expect, test } from 'vitest';
import { expectedOfWord2Vec, trainedByWord2Vec } from '../../../apps/browser-tests/test/word2vec-bits.ts';

test.each([1, 2, 4])('training with %i threads gives the bits that it gives everywhere', async (threads) => {
  expect(await trainedByWord2Vec(threads)).toBe(expectedOfWord2Vec);
});
