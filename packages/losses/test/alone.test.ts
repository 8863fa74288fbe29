// Losses without a registry: their equation modules.
import { isUnrolledError } from '@unrolled/core';
import { expect, test } from 'vitest';
import {
  binaryCrossEntropy,
  binaryCrossEntropyLoss,
  categoricalCrossEntropy,
  categoricalCrossEntropyLoss,
  squaredError,
  squaredErrorLoss,
} from '../src/index.ts';

test.each([
  [categoricalCrossEntropy, categoricalCrossEntropyLoss],
  [binaryCrossEntropy, binaryCrossEntropyLoss],
  [squaredError, squaredErrorLoss],
] as const)('$name', (plugin, alone) => {
  expect(alone()).toEqual(plugin.module({}));
  let refusal: unknown;
  try {
    alone({ smoothing: 0.1 } as never);
  } catch (error) {
    refusal = error;
  }
  expect(isUnrolledError(refusal, 'OPTION_INVALID')).toBe(true);
  expect((refusal as Error).message).toMatch(`loss "${plugin.name}": option "smoothing" is not known`);
});
