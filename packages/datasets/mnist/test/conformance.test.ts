// mnist is a data set.
import { conform, datasetConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { mnist } from '../src/index.ts';

conform(it, datasetConformance(mnist, { limit: 100 }));
