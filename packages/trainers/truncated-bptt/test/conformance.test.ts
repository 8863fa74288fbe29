// truncatedBptt is a trainer.
import { reference } from '@unrolled/backend-reference';
import { conform, trainerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { truncatedBptt } from '../src/index.ts';

conform(
  it,
  trainerConformance(truncatedBptt, {
    backend: reference,
    options: [
      { every: 2, window: 3 },
      { every: 3, update: 'sequence' },
    ],
  }),
);
