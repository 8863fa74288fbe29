// gunPoint is a data set.
import { conform, datasetConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { gunPoint } from '../src/index.ts';

conform(it, datasetConformance(gunPoint));
