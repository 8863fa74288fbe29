// tf.layers.lstm, and our own backend on the same TensorFlow.js: on its cpu, wasm or node, by the first argument.
import type { Tensor } from '@tensorflow/tfjs';
import { tfjsBackend } from '@unrolled/backend-tfjs';
import { tfjsNodeBackend } from '@unrolled/backend-tfjs-node';
import type { Executable, NetworkDescription } from '@unrolled/core';
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
function modelOf({ steps, inputs, units }: Shape) {
  return tf.sequential({
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
}

async function training({ shape }: { readonly shape: Shape }): Promise<Work> {
  const { batch, steps, inputs } = shape;
  const model = modelOf(shape);
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

/** Answers for a batch of plain data, as numbers. */
async function inference({ shape }: { readonly shape: Shape }): Promise<Work> {
  const { batch, steps, inputs } = shape;
  const model = modelOf(shape);
  const numbers = vectorBatch(shape).inputs.x as Float32Array;
  return {
    run: async () => {
      const answers = tf.tidy(() => model.predictOnBatch(tf.tensor(numbers, [batch, steps, inputs])) as Tensor);
      await answers.data();
      answers.dispose();
    },
  };
}

/** The same by our own backend. */
async function ourInference({ shape }: { readonly shape: Shape }): Promise<Work> {
  const { optimizer: _, ...network } = classifier(vectors(shape.inputs), [lstmOf(shape.units)]);
  const executable = await compileHere(network);
  const { targets: __, weights: ___, ...batch } = vectorBatch(shape);
  const state = executable.initialState(shape.batch);
  return { run: () => executable.forward(batch, state, { mode: 'infer' }) };
}

/** By our own backend, with first weights. */
async function compileHere(network: NetworkDescription): Promise<Executable> {
  const compile = device === 'node' ? tfjsNodeBackend() : tfjsBackend({ device });
  const executable = await compile(network, {});
  await writeFirstWeights(executable);
  return executable;
}

/** A training step by our own backend, from a batch of plain data to a loss that is a number. */
async function ours({ shape }: { readonly shape: Shape }): Promise<Work> {
  const executable = await compileHere(classifier(vectors(shape.inputs), [lstmOf(shape.units)]));
  const batch = vectorBatch(shape);
  const state = executable.initialState(shape.batch);
  let update = 0;
  return {
    run: () => executable.trainStep(batch, state, { key: { seed: 1, update: update++ }, learningRate: 0.001 }),
  };
}

await serve(version, { training, ours, inference, 'our inference': ourInference });
