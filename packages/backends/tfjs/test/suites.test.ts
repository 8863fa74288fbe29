// What every backend must give, in float32 by TensorFlow.js's tape, on the devices that Node has.
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
import { tfjsBackend } from '../src/index.ts';

// The functions of the wasm device are some digits less exact, and its kernels of two values lose a NaN.
describe.each([
  ['cpu', 1, { forward: 1e-5, gradients: 1e-4 }, {}],
  ['wasm', 4, { forward: 2e-4, gradients: 2e-4 }, { losesNaN: 'the kernels of TensorFlow.js give the other one' }],
] as const)('on %s', (device, stride, random, conventions) => {
  const compile = tfjsBackend({ device });
  describe('goldens', () => goldenSuite(compile, { forward: 1e-5, gradients: 1e-5 }));
  describe('inputs', () => inputSuite(compile, { forward: 1e-6, gradients: 1e-5 }));
  describe('encoder–decoders', () => encoderDecoderSuite(compile, 1e-5, 3));
  describe('losses', () => lossSuite(compile, { forward: 1e-6, gradients: 1e-6 }));
  describe('optimizers', () => optimizerSuite(compile, { norm: 1e-6, weights: 1e-5 }));
  describe('conventions', () => conventionSuite(compile, conventions));
  describe('truncation', () => truncationSuite(compile, { forward: 1e-5, gradients: 1e-4 }, stride));
  describe('random networks', () => randomNetworksSuite(compile, random, { runs: 60, seed: 41 }));
  describe('neighbours', () => neighbourSuite(compile, { runs: 20, seed: 31 }));
  describe('windows', () => windowSuite(compile, { runs: 50, seed: 41 }));
  describe('streams', () => streamSuite(compile, { runs: 20, seed: 43 }));
});
