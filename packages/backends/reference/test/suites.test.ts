// What every backend must give, in float64: the goldens of PyTorch and Keras, and to the bit what nothing beside may change.
import {
  conventionSuite,
  encoderDecoderSuite,
  goldenSuite,
  inputSuite,
  lossSuite,
  neighbourSuite,
  optimizerSuite,
  streamSuite,
  windowSuite,
} from '@unrolled/backend-suites';
import { describe } from 'vitest';
import { referenceBackend } from '../src/index.ts';

const compile = referenceBackend();

describe('goldens', () => goldenSuite(compile, { forward: 1e-9, gradients: 1e-9 }));
describe('inputs', () => inputSuite(compile, { forward: 1e-12, gradients: 1e-12 }));
describe('encoder–decoders', () => encoderDecoderSuite(compile, 1e-12));
describe('losses', () => lossSuite(compile, { forward: 4e-15, gradients: 1e-14 }));
describe('optimizers', () => optimizerSuite(compile, { norm: 1e-13, weights: 1e-12 }));
describe('conventions', () => conventionSuite(compile));
describe('neighbours', () => neighbourSuite(compile, { runs: 120, seed: 31 }));
describe('windows', () => windowSuite(compile, { runs: 200, seed: 41 }));
describe('streams', () => streamSuite(compile, { runs: 150, seed: 43 }));
