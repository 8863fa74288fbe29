// dates is a data set.
import { conform, datasetConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { dates } from '../src/index.ts';

conform(it, datasetConformance(dates, { limit: 200 }));
