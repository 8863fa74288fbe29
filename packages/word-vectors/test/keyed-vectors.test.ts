// Word vectors by word: similarities against the definition.
import { KeyedVectors } from '@unrolled/word-vectors';
import { expect, test } from 'vitest';

const vectors = new KeyedVectors({
  words: ['king', 'queen', 'apple'],
  size: 2,
  values: Float32Array.of(1, 0.5, 0.5, 1, -1, 0.5),
});

test('cosines', () => {
  expect(vectors.similarity('king', 'queen')).toBeCloseTo(1 / 1.25, 15);
  expect(vectors.neighbours('king')).toEqual([
    { word: 'queen', similarity: expect.closeTo(0.8, 15) },
    { word: 'apple', similarity: expect.closeTo(-0.6, 15) },
  ]);
});

test('a missing word is told with the nearest', () => {
  expect(() => vectors.vector('quen')).toThrow('Did you mean "queen"?');
});
