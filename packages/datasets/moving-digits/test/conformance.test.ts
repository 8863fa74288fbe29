// movingDigits gives a data set.
import { mnistDataset } from '@unrolled/dataset-mnist';
import { conform, datasetConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { movingDigits } from '../src/index.ts';

conform(it, datasetConformance(movingDigits(mnistDataset()), { limit: 20, options: [{ digits: 2 }] }));
