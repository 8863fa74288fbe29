// A window as a batch of its own: vectors, values to compare with, and rows that begin at different steps.

import type { Batch } from '@unrolled/core';
import { expect, test } from 'vitest';
import { cutBatch } from '../src/cut.ts';
import { windowAt } from '../src/windows.ts';

// Two sequences of 4 and 3 steps, two features, one value to compare with; number = 100·row + 10·step + feature.
const numbers = (width: number) =>
  Float32Array.from({ length: 4 * 2 * width }, (_, index) => {
    const [step, row] = [Math.floor(index / (2 * width)), Math.floor(index / width) % 2];
    return 100 * row + 10 * step + (index % width);
  });
const batch: Batch = {
  size: 2,
  time: 4,
  inputs: { x: numbers(2), gap: numbers(1) },
  lengths: Int32Array.of(4, 3),
  targets: numbers(1),
  weights: new Float32Array(8).fill(1),
  exampleIndex: Int32Array.of(7, 8),
  start: Int32Array.of(20, 0),
};

test('each row from its own first step, of the same type, padded with zeros', () => {
  const truncation = { every: 2, window: 2 };
  expect(cutBatch(batch, windowAt(1, batch.lengths, truncation), 'each-step')).toEqual({
    size: 2,
    time: 2,
    // The second row ends at step 3, so two steps back is step 1.
    inputs: { x: Float32Array.of(20, 21, 110, 111, 30, 31, 120, 121), gap: Float32Array.of(20, 110, 30, 120) },
    lengths: Int32Array.of(2, 2),
    targets: Float32Array.of(20, 110, 30, 120),
    // Its step 1 had its loss in the window before.
    weights: Float32Array.of(1, 0, 1, 1),
    exampleIndex: Int32Array.of(7, 8),
    start: Int32Array.of(22, 1),
  });
});

test('one loss for a sequence counts where it ends', () => {
  const once: Batch = { ...batch, targets: Int32Array.of(1, 0), weights: Float32Array.of(0.5, 0.25) };
  const weights = [0, 1].map((index) => {
    const window = windowAt(index, batch.lengths, { every: 3, window: 3 });
    return cutBatch(once, window, 'once').weights;
  });
  expect(weights).toEqual([Float32Array.of(0, 0.25), Float32Array.of(0.5, 0)]);
  expect(cutBatch(once, windowAt(1, batch.lengths, { every: 3, window: 3 }), 'once').targets).toEqual(once.targets);
});
