// What PyTorch is told of a network: how ours was trained and what it began with, and nothing that its scripts don't know.
import { lstmCell } from '@unrolled/cell-lstm';
import type { LayerDescription, Tensors } from '@unrolled/core';
import { expect, test } from 'vitest';
import { describeLayers, describeTraining, pack, weightsGiven } from '../src/examples/describe.ts';
import { recorder } from '../src/recorder.ts';
import { registryWith } from '../src/review-pipeline.ts';

test('it begins with the weights that ours began with, and is trained as ours was', async () => {
  const writes: Tensors[] = [];
  const backend = recorder((executable) => ({
    write: (snapshot) => {
      writes.push(snapshot.parameters as Tensors);
      return executable.write(snapshot);
    },
  }));
  const pipeline = registryWith(backend).pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 3 } } },
    layers: [{ use: 'lstm', with: { units: 2 }, direction: 'both' }],
    task: { use: 'many-to-one' },
    optimizer: {
      use: 'adam',
      with: { learningRate: 0.1, beta1: 0.8, schedule: { kind: 'cosine', final: 0.2 } },
      clip: { norm: 3 },
    },
    trainer: { use: 'bptt' },
    backend: { use: backend.name },
  });
  const train = [
    { text: 'one two', label: 'up' },
    { text: 'two one', label: 'down' },
  ];
  const history = await pipeline.fit(train, { epochs: 2, batchSize: 2, seed: 7 });
  const trained = { title: 'two-way LSTM', pipeline, train, test: train, history };
  const { training, weights } = await describeTraining(trained, 1);
  pipeline.dispose();
  expect(training).toEqual({
    seed: 7,
    threads: 1,
    epochs: 2,
    batchSize: 2,
    rate: 0.1,
    schedule: { kind: 'cosine', final: 0.2 },
    betas: [0.8, 0.999],
    epsilon: 1e-8,
    clip: 3,
  });
  expect(weights).toEqual(weightsGiven(writes[0] as Tensors));
});

test('layers that PyTorch’s scripts don’t know are refused', () => {
  const layer = (rest: Partial<LayerDescription>): LayerDescription => ({
    module: lstmCell({ units: 4 }),
    direction: 'forward',
    dropout: {},
    ...rest,
  });
  expect(describeLayers([layer({ dropout: { input: 0.3 } }), layer({ direction: 'both' })])).toEqual([
    { cell: 'lstm', both: false, dropout: { input: 0.3, output: 0 } },
    { cell: 'lstm', both: true, dropout: { input: 0, output: 0 } },
  ]);
  for (const unknown of [
    { module: lstmCell({ layerNorm: true }) },
    { module: { ...lstmCell(), equations: 'h[t] = tanh(Wxh @ x[t])' } },
    { residual: true },
    { direction: 'backward' },
    { dropout: { output: 0.1 } },
  ] as const)
    expect(() => describeLayers([layer(unknown)])).toThrow('Layers must be plain lstm');
});

test('sequences are packed with the steps of each', () => {
  const values = (packed: { readonly values: string }) => new Uint8Array(Buffer.from(packed.values, 'base64')).buffer;
  const numbers = pack([[1, 2], [], [3]]);
  expect(numbers).toMatchObject({ lengths: [2, 0, 1], width: 0 });
  expect([...new Int32Array(values(numbers))]).toEqual([1, 2, 3]);
  const vectors = pack(
    [
      [0.5, 1, 2, 3],
      [4, 5],
    ],
    2,
  );
  expect(vectors).toMatchObject({ lengths: [2, 1], width: 2 });
  expect([...new Float32Array(values(vectors))]).toEqual([0.5, 1, 2, 3, 4, 5]);
});
