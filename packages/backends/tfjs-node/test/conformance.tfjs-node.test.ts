// The checks of every backend, with every part of the language compared with the reference.
import { reference } from '@unrolled/backend-reference';
import { backendConformance, conform } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { tfjsNode } from '../src/index.ts';

conform(it, backendConformance(tfjsNode, { reference }));
