// The weights of a short training run, down to the last bit: committed, and the same in every engine.
import { expect, test } from 'vitest';
import { expectedOfWasm, trainedByWasm } from '../../../../apps/browser-tests/test/wasm-bits.ts';

test.each([1, 2, 4])('training with %i threads gives the bits that it gives everywhere', async (threads) => {
  expect(await trainedByWasm(threads)).toBe(expectedOfWasm);
});
