// shakespeare is a data set.
import { conform, datasetConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { shakespeare } from '../src/index.ts';

conform(it, datasetConformance(shakespeare));
