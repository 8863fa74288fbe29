// linear is a task.
import { reference } from '@unrolled/backend-reference';
import { conform, taskConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { linear } from '../src/index.ts';

conform(it, taskConformance(linear, { backend: reference }));
