// What every backend must give, in float32 by TensorFlow's native library.
import {
  conventionSuite,
  encoderDecoderSuite,
  goldenSuite,
  inputSuite,
  lossSuite,
  neighbourSuite,
  optimizerSuite,
  randomNetworksSuite,
  streamSuite,
  truncationSuite,
  windowSuite,
} from '@unrolled/backend-suites';
import { describe } from 'vitest';
import { tfjsNodeBackend } from '../src/index.ts';

const compile = tfjsNodeBackend();
// Its products depend on the size of the batch in their last bits.
describe('goldens', () => goldenSuite(compile, { forward: 1e-5, gradients: 1e-5 }));
describe('inputs', () => inputSuite(compile, { forward: 1e-6, gradients: 1e-5 }));
describe('encoder–decoders', () => encoderDecoderSuite(compile, 1e-5));
describe('losses', () => lossSuite(compile, { forward: 1e-6, gradients: 1e-6 }));
describe('optimizers', () => optimizerSuite(compile, { norm: 1e-6, weights: 1e-5 }));
describe('conventions', () => conventionSuite(compile, {}));
describe('truncation', () => truncationSuite(compile, { forward: 1e-5, gradients: 1e-4 }));
describe('random networks', () =>
  randomNetworksSuite(compile, { forward: 1e-5, gradients: 1e-4 }, { runs: 60, seed: 41 }));
describe('neighbours', () => neighbourSuite(compile, { runs: 20, seed: 31 }, 1e-4));
describe('windows', () => windowSuite(compile, { runs: 50, seed: 41 }, 1e-4));
describe('streams', () => streamSuite(compile, { runs: 20, seed: 43 }, 1e-4));
