// tmp
import { goldenSuite } from '@unrolled/backend-suites';
import { describe } from 'vitest';
import { tfjsNodeBackend } from '../src/index.ts';

describe('goldens', () => goldenSuite(tfjsNodeBackend(), { forward: 1e-5, gradients: 1e-5 }));
