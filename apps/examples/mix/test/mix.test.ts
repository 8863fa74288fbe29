// The mix learns, answers, and gives the same weights for the same seed.
import { expect, test } from 'vitest';
import { createMix, orders } from '../src/mix.ts';

const settings = { epochs: 30, batchSize: 4, seed: 1 } as const;

test('words, one-hot, vanilla, truncated BPTT and TensorFlow.js learn together without the preset', async () => {
  const pipeline = createMix();
  const { epochs } = await pipeline.fit(orders, settings);
  expect(epochs.at(-1)?.loss).toBeLessThan((epochs[0]?.loss as number) / 2);
  expect((await pipeline.predict('now turn to the right please')).label).toBe('right');
  expect((await pipeline.predict('and left again')).label).toBe('left');
  pipeline.dispose();
});

test('one seed gives the same weights on the cpu device', async () => {
  const weights = [];
  for (let run = 0; run < 2; run++) {
    const pipeline = createMix();
    await pipeline.fit(orders, settings);
    weights.push((await pipeline.toFiles({ slim: true })).get('weights.safetensors'));
    pipeline.dispose();
  }
  expect(weights[0]).toEqual(weights[1]);
});
