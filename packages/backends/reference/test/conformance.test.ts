// reference is a backend; other backends compare themselves with it.
import { backendConformance, conform } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { reference } from '../src/index.ts';

conform(it, backendConformance(reference));
