// Tests of a backend, each registered by one call with the tolerances of its precision.
export { conventionSuite } from './conventions.ts';
export { encoderDecoderSuite } from './encoder-decoder.ts';
export { expectGolden, goldenSuite } from './goldens.ts';
export { inputSuite } from './inputs.ts';
export { lossSuite } from './losses.ts';
export { neighbourSuite } from './neighbours.ts';
export { optimizerSuite } from './optimizers.ts';
export { type RandomNetworks, randomNetworksSuite } from './random-networks.ts';
export { streamSuite } from './streams.ts';
export type { Tolerances } from './tolerances.ts';
export { truncationSuite } from './truncation.ts';
export { windowSuite } from './windows.ts';
