// Off the page's thread, from source as Vite serves it: the bits of the page's own thread, errors, and workers that die.
import { type CheckpointStore, type Example, memoryCheckpoints, type Pipeline, registry } from 'unrolled';
import { connectWorker, openWorker, type RegistryWorker } from 'unrolled/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';

const manifest = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 4 } } },
  target: { labels: ['left', 'right'] },
  layers: [{ use: 'lstm', with: { units: 4 }, direction: 'both', dropout: { input: 0.2 } }],
  task: { use: 'many-to-one', with: { pool: 'max' } },
  optimizer: { use: 'adam', with: { learningRate: 0.02 }, clip: { norm: 1 } },
  trainer: { use: 'bptt' },
  backend: { use: 'wasm' },
} as const;

const examples: readonly Example[] = ['left', 'right'].flatMap((label) =>
  ['turn', 'go', 'please go', 'now you turn', 'at the next corner go', 'a sharp'].map((order) => ({
    text: `${order} ${label}`,
    label,
  })),
);
const settings = { epochs: 3, batchSize: 4, seed: 2 } as const;

async function weightsOf(pipeline: Pipeline<'left' | 'right'>): Promise<Uint8Array | undefined> {
  return (await pipeline.toFiles()).get('weights.safetensors');
}

async function onThisThread(): Promise<Uint8Array | undefined> {
  const pipeline = registry.pipeline(manifest);
  await pipeline.fit(examples, settings);
  return weightsOf(pipeline);
}

let worker: RegistryWorker<typeof registry>;
beforeAll(async () => {
  worker = await openWorker();
});
afterAll(() => worker.close());

/** A worker of the page's own, which serves another registry. */
function ownWorker(): Worker {
  return new Worker(new URL('./own-worker.ts', import.meta.url), { type: 'module' });
}

test('a run in a worker ends in the bits of one on the page’s thread', async () => {
  const pipeline = worker.pipeline(manifest);
  const updates: number[] = [];
  for await (const { update } of pipeline.fit(examples, settings)) updates.push(update);
  expect(updates.at(-1)).toBe(9);
  expect(await weightsOf(pipeline)).toEqual(await onThisThread());
  expect((await pipeline.predict('please turn left')).label).toMatch(/left|right/);
});

test('what a page can’t do is said as on its own thread', async () => {
  const pipeline = worker.pipeline(manifest);
  await expect(pipeline.predict('left')).rejects.toMatchObject({ code: 'NOT_FITTED' });
  await pipeline.fit(examples, { epochs: 1 });
  await expect(pipeline.save('model')).rejects.toMatchObject({ code: 'NOT_IN_BROWSER' });
  await expect(worker.load('no-model/')).rejects.toMatchObject({
    code: expect.stringMatching(/^MODEL_/),
    message: expect.stringContaining(new URL('no-model/', document.baseURI).href),
  });
});

test('a worker of the page’s own serves another registry', async () => {
  const own = await connectWorker(ownWorker());
  const pipeline = own.pipeline({ ...manifest, layers: [{ use: 'echo', with: { units: 3 } }] });
  expect(await pipeline.fit(examples, settings)).toMatchObject({ updates: 9 });
  await own.close();
  await expect(pipeline.predict('left')).rejects.toMatchObject({ code: 'WORKER_CLOSED' });
});

test('a worker that is ended fails what waits for it, and the run goes on from its checkpoint', async () => {
  const thread = ownWorker();
  const first = await connectWorker(thread);
  const kept = memoryCheckpoints();
  let writes = 0;
  const write: CheckpointStore['write'] = async (files) => {
    writes += 1;
    if (writes === 3) thread.terminate();
    else await kept.write(files);
  };
  const every = { updates: 2 };
  const run = first.pipeline(manifest).fit(examples, { ...settings, checkpoint: { to: { ...kept, write }, every } });
  await expect(run).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  await expect(first.load(new Map())).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  const pipeline = worker.pipeline(manifest);
  const { resumedFrom } = await pipeline.fit(examples, { ...settings, resume: kept });
  expect(resumedFrom).toBe(4);
  expect(await weightsOf(pipeline)).toEqual(await onThisThread());
});

test('an error that nobody catches in a worker, and a script that is missing, are told', async () => {
  const thread = ownWorker();
  const own = await connectWorker(thread);
  const waiting = own.pipeline(manifest).fit(examples, { epochs: 100_000 });
  thread.postMessage('throw');
  await expect(waiting).rejects.toMatchObject({
    code: 'WORKER_FAILED',
    message: expect.stringContaining('thrown in the worker'),
  });
  const missing = new Worker(
    URL.createObjectURL(new Blob(['import "/no/such/module.js";'], { type: 'text/javascript' })),
    {
      type: 'module',
    },
  );
  await expect(connectWorker(missing)).rejects.toMatchObject({ code: 'WORKER_FAILED' });
});
