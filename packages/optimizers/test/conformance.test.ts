// Each is an optimizer.
import { reference } from '@unrolled/backend-reference';
import { conform, optimizerConformance } from '@unrolled/plugin-kit';
import { describe, it } from 'vitest';
import { adam, adamw, momentum, rmsprop, sgd } from '../src/index.ts';

describe.each([adam, adamw, momentum, rmsprop, sgd])('$name', (plugin) => {
  conform(it, optimizerConformance(plugin, { backend: reference }));
});
