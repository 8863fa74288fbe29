// The wasm backend in a page that may share memory: the bits that it gives in Node, with one thread and with several.
import { expect, test } from 'vitest';
import { expectedOfWasm, trainedByWasm } from './wasm-bits.ts';

test.each([1, 2, 4])('training with %i threads gives the bits that it gives in Node', async (threads) => {
  expect(await trainedByWasm(threads)).toBe(expectedOfWasm);
});
