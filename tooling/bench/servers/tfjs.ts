// tf.layers.lstm, and our own backend on the same TensorFlow.js: on its cpu, wasm or node, by the first argument.
import { tfjs } from '@unrolled/backend-tfjs';
import { loadTfjsNode } from '@unrolled/tfjs-node-install';
import { vectorBatch } from '../src/batches.ts';
import { writeFirstWeights } from '../src/compiled.ts';
import { classes, classifier, lstmOf, vectors } from '../src/networks.ts';
import { serve, type Work } from '../src/serve.ts';
import type { Shape } from '../src/shapes.ts';

type Tf = typeof import('@tensorflow/tfjs');

const device = process.argv[2] as 'cpu' | 'wasm' | 'node';

async function load(): Promise<{ tf: Tf; version: string }> {
  if (device === 'node') {
    const tf = loadTfjsNode();
    const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
    return { tf, version: `tfjs-node ${tf.version.tfjs} on TensorFlow ${binding.TF_Version}` };
  }
  const tf = await import('@tensorflow/tfjs');
  tf.env().set('PROD', true);
  if (device === 'cpu') {
    await tf.setBackend('cpu');
    return { tf, version: `tfjs ${tf.version.tfjs} on cpu` };
  }
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  return { tf, version: `tfjs ${tf.version.tfjs} on wasm, ${wasm.getThreadsCount()} threads` };
}

const { tf, version } = await load();

/** A model as its documentation shows them, with sigmoid gates and a forget bias of 1 as in Keras. */
async function training({ shape }: { readonly shape: Shape }): Promise<Work> {
  const { batch, steps, inputs, units } = shape;
  const model = tf.sequential({
    layers: [
      tf.layers.lstm({
        units,
        inputShape: [steps, inputs],
        recurrentActivation: 'sigmoid',
        unitForgetBias: true,
        // Its orthogonal matrices take minutes, and don't change the time of a step.
        recurrentInitializer: 'glorotUniform',
      }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
  const x = tf.randomUniform([batch, steps, inputs], -1, 1);
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: batch }, (_, row) => row % classes),
      'int32',
    ),
    classes,
  );
  return { run: () => model.trainOnBatch(x, y) };
}

/** The same by our own backend, from a batch of plain data to a loss that is a number. */
async function ours({ shape }: { readonly shape: Shape }): Promise<Work> {
  if (device === 'node') throw new Error('The backend for tfjs-node is measured on its own.');
  const executable = await tfjs.compile({ ...tfjs.options.defaults, device })(
    classifier(vectors(shape.inputs), [lstmOf(shape.units)]),
    {},
  );
  await writeFirstWeights(executable);
  const batch = vectorBatch(shape);
  const state = executable.initialState(shape.batch);
  let update = 0;
  return {
    run: () => executable.trainStep(batch, state, { key: { seed: 1, update: update++ }, learningRate: 0.001 }),
  };
}

await serve(version, { training, ours });
