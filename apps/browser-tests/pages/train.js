// Trains a small classifier and says what came of it: the same in a page, in a worker and in Node.

const examples = ['left', 'right'].flatMap((label) =>
  ['turn', 'go', 'please go', 'now you turn', 'at the next corner go', 'a sharp'].map((order) => ({
    text: `${order} ${label}`,
    label,
  })),
);

export async function train(registry) {
  const pipeline = registry.pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 4 } } },
    target: { labels: ['left', 'right'] },
    layers: [{ use: 'lstm', with: { units: 4 }, dropout: { input: 0.2 } }],
    task: { use: 'many-to-one', with: { pool: 'mean' } },
    optimizer: { use: 'adam', with: { learningRate: 0.02 } },
    trainer: { use: 'truncated-bptt', with: { every: 2, window: 3 } },
    backend: { use: 'wasm' },
  });
  const { updates } = await pipeline.fit(examples, { epochs: 4, batchSize: 4, seed: 7 });
  const weights = (await pipeline.toFiles()).get('weights.safetensors');
  const { probability } = await pipeline.predict('please turn left');
  return { updates, weights: [...weights], probability };
}
