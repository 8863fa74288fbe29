// The bits of weights that the wasm backend trained, in Node; apps/browser-tests asks Chromium for the same.
import { expect, test } from 'vitest';
import { expectedOfWasm, trainedByWasm } from '../../../apps/browser-tests/test/wasm-bits.ts';

test.each([1, 2, 4])('training with %i threads gives the bits that it gives everywhere', async (threads) => {
  expect(await trainedByWasm(threads)).toBe(expectedOfWasm);
});
