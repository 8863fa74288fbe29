// manyToMany is a task.
import { reference } from '@unrolled/backend-reference';
import { conform, taskConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { manyToMany } from '../src/index.ts';

conform(it, taskConformance(manyToMany, { backend: reference, options: [{ dropout: 0.5 }] }));
