// A fingerprint of weights that the wasm backend trained, the same on every engine and with any number of threads.
import { wasm } from '@unrolled/backend-wasm';
import { lstmCell } from '@unrolled/cell-lstm';
import { vanillaCell } from '@unrolled/cell-vanilla';
import { type Batch, type EquationModule, initialise, type NetworkDescription } from '@unrolled/core';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
import { manyToOne } from '@unrolled/task-many-to-one';
import { fingerprint } from './bits.ts';

/** What {@link trainedByWasm} gives everywhere. It changes with any change of what is computed, in whichever order. */
export const expectedOfWasm = 1547160771;

const embedding: EquationModule = {
  name: 'embedding',
  equations: 'e[t] = Eᵀ @ x[t]',
  parameters: { E: { shape: ['vocabulary', 20], init: { init: 'normal', mean: 0, deviation: 0.3 } } },
  sizes: {},
  constants: {},
  shapes: {},
  initial: {},
  output: 'e',
};

/** Enough units that several threads take part. */
const network: NetworkDescription = {
  language: 1,
  input: { kind: 'ids', vocabulary: 60, module: embedding },
  layers: [
    {
      module: lstmCell({ units: 40 }),
      direction: 'both',
      dropout: { input: 0.3, inputSequence: 0.2 },
    },
    { module: vanillaCell({ units: 33 }), direction: 'forward', dropout: { output: 0.4 } },
  ],
  output: manyToOne.module({ pool: 'mean', dropout: 0.2, hidden: 0 }, 3),
  loss: categoricalCrossEntropy.module({}),
  target: { kind: 'class', size: 3, per: 'sequence' },
  optimizer: adam.module(adam.options.defaults),
  clip: { norm: 0.2 },
};

/** Trains eight steps and folds the bits of all weights and of the optimizer's states into one number. */
export async function trainedByWasm(threads: number): Promise<number> {
  const executable = await wasm.compile({})(network, { threads });
  const drawn = executable.parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, 20) }]);
  await executable.write({ parameters: Object.fromEntries(drawn) });
  for (let update = 0; update < 8; update++) {
    const batch = batchOf(update);
    const options = { key: { seed: 6, update }, learningRate: 0.03, accumulate: update === 3 };
    await executable.trainStep(batch, executable.initialState(batch.size), options);
  }
  const { parameters, optimizer } = await executable.read();
  executable.dispose();
  return fingerprint({ ...parameters, ...optimizer });
}

function batchOf(update: number): Batch {
  const [size, time] = [30, 19];
  const rows = Array.from({ length: size }, (_, row) => row);
  return {
    size,
    time,
    inputs: { x: Int32Array.from({ length: time * size }, (_, at) => (at * at + 5 * update) % 60) },
    lengths: Int32Array.from(rows, (row) => (7 * row + update) % (time + 1)),
    targets: Int32Array.from(rows, (row) => (row + update) % 3),
    weights: new Float64Array(size).fill(1 / size),
    exampleIndex: Int32Array.from(rows, (row) => size * update + row),
    start: new Int32Array(size),
  };
}
