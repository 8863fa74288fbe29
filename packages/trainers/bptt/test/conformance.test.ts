// bptt is a trainer.
import { reference } from '@unrolled/backend-reference';
import { conform, trainerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { bptt } from '../src/index.ts';

conform(it, trainerConformance(bptt, { backend: reference }));
