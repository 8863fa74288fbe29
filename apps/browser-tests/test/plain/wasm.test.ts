// The wasm backend in a page that has no SharedArrayBuffer: one thread computes, and the bits are those of several.
import { expect, test } from 'vitest';
import { expectedOfWasm, trainedByWasm } from '../wasm-bits.ts';

test.each([1, 2])('training where %i threads were asked for gives the bits that it gives in Node', async (threads) => {
  expect(typeof SharedArrayBuffer).toBe('undefined');
  expect(await trainedByWasm(threads)).toBe(expectedOfWasm);
});
