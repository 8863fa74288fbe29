// lstm is a cell.
import { reference } from '@unrolled/backend-reference';
import { cellConformance, conform } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { lstm } from '../src/index.ts';

conform(
  it,
  cellConformance(lstm, {
    backend: reference,
    options: [
      { recurrentDropout: 0.5, zoneout: 0.25, cellZoneout: 0.5 },
      { recurrentDropout: 0.5, zoneout: 0.25, cellZoneout: 0.5, layerNorm: true, initial: 'learned' },
    ],
  }),
);
