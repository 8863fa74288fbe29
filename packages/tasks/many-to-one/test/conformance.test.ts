// manyToOne is a task.
import { reference } from '@unrolled/backend-reference';
import { conform, taskConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { manyToOne } from '../src/index.ts';

conform(
  it,
  taskConformance(manyToOne, {
    backend: reference,
    options: [{ dropout: 0.5 }, { hidden: 5 }, { pool: 'mean', dropout: 0.5, hidden: 3 }],
  }),
);
