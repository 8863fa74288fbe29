// Each is a loss.
import { reference } from '@unrolled/backend-reference';
import { conform, lossConformance } from '@unrolled/plugin-kit';
import { describe, it } from 'vitest';
import { binaryCrossEntropy, categoricalCrossEntropy, squaredError } from '../src/index.ts';

describe.each([binaryCrossEntropy, categoricalCrossEntropy, squaredError])('$name', (plugin) => {
  conform(it, lossConformance(plugin, { backend: reference }));
});
