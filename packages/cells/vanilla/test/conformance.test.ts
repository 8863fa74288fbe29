// vanilla is a cell.
import { reference } from '@unrolled/backend-reference';
import { cellConformance, conform } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { vanilla } from '../src/index.ts';

conform(
  it,
  cellConformance(vanilla, {
    backend: reference,
    options: [
      { recurrentDropout: 0.5, zoneout: 0.25 },
      { recurrentDropout: 0.5, zoneout: 0.25, layerNorm: true, initial: 'learned' },
    ],
  }),
);
