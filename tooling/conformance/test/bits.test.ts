// The bits of trained weights, in Node; apps/browser-tests asks Chromium for the same.
import { expect, test } from 'vitest';
import { expectedFingerprint, trainedFingerprint } from '../../../apps/browser-tests/test/bits.ts';

test('training gives the bits that it gives everywhere', async () => {
  expect(await trainedFingerprint()).toBe(expectedFingerprint);
});
