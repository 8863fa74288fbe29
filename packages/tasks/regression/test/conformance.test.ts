// regression is a task.
import { reference } from '@unrolled/backend-reference';
import { conform, taskConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { regression } from '../src/index.ts';

conform(
  it,
  taskConformance(regression, {
    backend: reference,
    options: [{ dropout: 0.5 }, { hidden: 5 }, { pool: 'max', dropout: 0.5, hidden: 3 }],
  }),
);
