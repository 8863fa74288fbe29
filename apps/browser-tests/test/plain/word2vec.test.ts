// Word vectors trained in a page that has no SharedArrayBuffer: one thread computes, and the bits are those of several.
import { expect, test } from 'vitest';
import { expectedOfWord2Vec, trainedByWord2Vec } from '../word2vec-bits.ts';

test.each([1, 2])('training where %i threads were asked for gives the bits that it gives in Node', async (threads) => {
  expect(typeof SharedArrayBuffer).toBe('undefined');
  expect(await trainedByWord2Vec(threads)).toBe(expectedOfWord2Vec);
});
