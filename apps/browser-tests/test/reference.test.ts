// The reference backend in a page: its trained weights have the bits that they have in Node.
import { expect, test } from 'vitest';
import { expectedFingerprint, trainedFingerprint } from './bits.ts';

test('training gives the bits that it gives in Node', async () => {
  expect(await trainedFingerprint()).toBe(expectedFingerprint);
});
