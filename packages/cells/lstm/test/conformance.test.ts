// lstm is a cell.
import { reference } from '@unrolled/backend-reference';
import { cellConformance, conform } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { lstm } from '../src/index.ts';

conform(it, cellConformance(lstm, { backend: reference }));
