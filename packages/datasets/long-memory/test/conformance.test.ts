// longMemory is a data set.
import { conform, datasetConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { longMemory } from '../src/index.ts';

conform(it, datasetConformance(longMemory, { limit: 50, options: [{ problem: 'copying', length: 10 }, { seed: 7 }] }));
