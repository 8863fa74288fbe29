/// <reference types="node" />
// Off the caller's thread, as npm installs it: the default registry and one of this project's own, the bits of this thread.

import { Worker } from 'node:worker_threads';
import { registry } from 'unrolled';
import { connectWorker, openWorker } from 'unrolled/worker';
import { examples, manifest } from './manifest.js';

const weightsIn = async (place: Pick<typeof registry, 'pipeline'>): Promise<string> => {
  const pipeline = place.pipeline(manifest);
  await pipeline.fit(examples, { epochs: 3, batchSize: 2, seed: 3 });
  const weights = (await pipeline.toFiles()).get('weights.safetensors');
  if (!weights) throw new Error('there are no weights');
  return Buffer.from(weights).toString('base64');
};

const expected = await weightsIn(registry);
const workers = {
  'the default worker': await openWorker(),
  'a worker with a registry of its own': await openWorker<typeof registry>({
    registry: new URL('./registry.js', import.meta.url),
  }),
  'a worker of its own': await connectWorker<typeof registry>(new Worker(new URL('./thread.js', import.meta.url))),
};
for (const [name, worker] of Object.entries(workers))
  if ((await weightsIn(worker)) !== expected) throw new Error(`${name} gave other weights`);
console.log(`the same ${expected.length} characters of weights in ${Object.keys(workers).join(', ')}`);
// The process ends although the workers are not closed.
