// languageModel is a task.
import { reference } from '@unrolled/backend-reference';
import { conform, taskConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { languageModel } from '../src/index.ts';

conform(it, taskConformance(languageModel, { backend: reference, options: [{ dropout: 0.5 }] }));
