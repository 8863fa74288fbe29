// A fingerprint of weights after a few training steps, the same on every engine: Node and the browser's tests hold it to one number.

import { reference } from '@unrolled/backend-reference';
import { lstmCell } from '@unrolled/cell-lstm';
import { vanillaCell } from '@unrolled/cell-vanilla';
import { type Batch, type EquationModule, initialise, type NetworkDescription, type Tensors } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
import { manyToOne } from '@unrolled/task-many-to-one';

/** What {@link trainedFingerprint} gives everywhere. It changes with any change of what is computed, in whichever order. */
export const expectedFingerprint = 3583881959;

const embedding: EquationModule = {
  name: 'embedding',
  equations: 'e[t] = Eᵀ @ x[t]',
  parameters: { E: { shape: ['vocabulary', 5], init: { init: 'normal', mean: 0, deviation: 0.3 } } },
  sizes: {},
  constants: {},
  shapes: {},
  initial: {},
  output: 'e',
};

const network: NetworkDescription = {
  language: 1,
  input: { kind: 'ids', vocabulary: 9, module: embedding },
  layers: [
    { module: vanillaCell({ units: 6 }), direction: 'both', dropout: { input: 0.3, inputSequence: 0.2 } },
    { module: lstmCell({ units: 4 }), direction: 'forward', dropout: { output: 0.4 } },
  ],
  output: manyToOne.module({ pool: 'mean', dropout: 0.2, hidden: 0 }, 3),
  loss: categoricalCrossEntropy.module({}),
  target: { kind: 'class', size: 3, per: 'sequence' },
  optimizer: adam.module(adam.options.defaults),
  clip: { norm: 0.2 },
};

/** Trains eight steps and folds the bits of all weights and of the optimizer's states into one number. */
export async function trainedFingerprint(): Promise<number> {
  const executable = await reference.compile({})(network, {});
  const drawn = executable.parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, 20) }]);
  await executable.write({ parameters: Object.fromEntries(drawn) });
  for (let update = 0; update < 8; update++) {
    const batch = batchOf(update);
    const options = { key: { seed: 6, update }, learningRate: 0.03 };
    await executable.trainStep(batch, executable.initialState(batch.size), options);
  }
  const { parameters, optimizer } = await executable.read();
  executable.dispose();
  return fingerprint({ ...parameters, ...optimizer });
}

function batchOf(update: number): Batch {
  const lengths = Int32Array.of(1 + (update % 7), 6, 0, 3);
  const [size, time] = [lengths.length, 7];
  return {
    size,
    time,
    inputs: { x: Int32Array.from({ length: time * size }, (_, at) => (at * at + 5 * update) % 9) },
    lengths,
    targets: Int32Array.of(0, 1, 2, update % 3),
    weights: Float64Array.of(0.25, 0.25, 0.25, 0.25),
    exampleIndex: Int32Array.of(4 * update, 4 * update + 1, 4 * update + 2, 4 * update + 3),
    start: new Int32Array(size),
  };
}

/** FNV-1a over the bits of all numbers, in the order of the tensors. */
export function fingerprint(tensors: Tensors): number {
  const bits = new DataView(new ArrayBuffer(8));
  let hash = 0x811c9dc5;
  for (const { data } of Object.values(tensors)) {
    for (const value of data) {
      bits.setFloat64(0, value);
      for (let byte = 0; byte < 8; byte++) hash = Math.imul(hash ^ bits.getUint8(byte), 0x01000193);
    }
  }
  return hash >>> 0;
}
