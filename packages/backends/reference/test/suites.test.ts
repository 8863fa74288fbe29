// What every backend must give, in float64: the goldens of PyTorch and Keras, losses, optimizers, slopes at corners.
import { conventionSuite, goldenSuite, lossSuite, optimizerSuite } from '@unrolled/backend-suites';
import { describe } from 'vitest';
import { referenceBackend } from '../src/index.ts';

const compile = referenceBackend();

describe('goldens', () => goldenSuite(compile, { forward: 1e-9, gradients: 1e-9 }));
describe('losses', () => lossSuite(compile, { forward: 4e-15, gradients: 1e-14 }));
describe('optimizers', () => optimizerSuite(compile, { norm: 1e-13, weights: 1e-12 }));
describe('conventions', () => conventionSuite(compile));
