// What every backend must give, in float32 by compiled WebAssembly, with one thread and with two.
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
import { wasmBackend } from '../src/index.ts';
import { keepThreads } from './keep-threads.ts';

const compile = wasmBackend();
keepThreads();

describe('goldens', () => goldenSuite(compile, { forward: 1e-5, gradients: 1e-5 }));
describe('inputs', () => inputSuite(compile, { forward: 1e-6, gradients: 1e-5 }));
describe('encoder–decoders', () => encoderDecoderSuite(compile));
describe('losses', () => lossSuite(compile, { forward: 1e-6, gradients: 1e-6 }));
// A weight that passes near 0 keeps the rounding of the size it had: half a unit of float32 at 0.5 is 3e-5 of 0.001.
describe('optimizers', () => optimizerSuite(compile, { norm: 1e-6, weights: 5e-5 }));
describe('conventions', () => conventionSuite(compile));
describe('truncation', () => truncationSuite(compile, { forward: 1e-5, gradients: 1e-4 }));
describe('random networks', () =>
  randomNetworksSuite(compile, { forward: 1e-5, gradients: 1e-4 }, { runs: 60, seed: 41 }));
describe('neighbours', () => neighbourSuite(compile, { runs: 40, seed: 31 }));
describe('windows', () => windowSuite(compile, { runs: 60, seed: 41 }));
describe('streams', () => streamSuite(compile, { runs: 40, seed: 43 }));
