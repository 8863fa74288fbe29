// A worker that dies: what waits for it is told, later calls too, and a run goes on from its checkpoint in another worker.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { type CheckpointStore, type FitSettings, memoryCheckpoints } from '../../src/index.ts';
import { connectWorker, openWorker } from '../../src/worker.ts';
import { bytesOf, pipeline as here, manifest, reviews } from '../support.ts';
import type registry from './registry.ts';

const own = new URL('./registry.ts', import.meta.url);
const script = new URL('../../src/worker/entry.js', import.meta.url);

const deadly = { input: { tokenizer: { use: 'deadly' }, vectorizer: { use: 'embedding', with: { size: 5 } } } };

describe('a worker that dies', () => {
  it.each([
    ['throw later', 'thrown by a timer', {}],
    ['exit', 'it ended with exit code 3', {}],
    ['fill memory', 'Worker terminated due to reaching memory limit', { maxOldGenerationSizeMb: 48 }],
  ] as const)(
    'fails every call that waits and every later one: %s',
    async (death, why, resourceLimits: ResourceLimits) => {
      const worker = await connectWorker(new Worker(script, { resourceLimits }), { registry: own });
      const small = worker.pipeline(manifest(deadly) as never);
      await small.fit(reviews(12), { epochs: 1 });
      const failed = {
        code: 'WORKER_FAILED',
        message: expect.stringContaining(`The worker died: ${why}`),
        mend: expect.stringContaining('checkpoint'),
      };
      let begin = () => {};
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const source = endless(begin);
      const waiting = [small.fit(reviews(30), { epochs: 10_000 }), small.evaluate(source)];
      await begun;
      small.predict(death).catch(() => {}); // the end comes while it is answered, or soon after
      const outcomes = await Promise.allSettled(waiting);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: failed });
      expect(await source.next()).toEqual({ done: true, value: undefined }); // the source was told
      await expect(small.predict('good')).rejects.toMatchObject(failed);
      await expect(small.fit(reviews(12))).rejects.toMatchObject(failed);
      await expect(worker.load(new Map())).rejects.toMatchObject(failed);
      await worker.close();
      await expect(small.predict('good')).rejects.toMatchObject(failed);
    },
  );

  it('lets a run go on from its last checkpoint, to the bits of an uninterrupted one', async () => {
    const settings: FitSettings = { epochs: 6, batchSize: 4, validation: 0.2, earlyStopping: { patience: 6 } };
    const kept = memoryCheckpoints();
    const thread = new Worker(script);
    const first = await connectWorker(thread);
    let writes = 0;
    const write: CheckpointStore['write'] = async (files) => {
      writes += 1;
      if (writes === 3) await thread.terminate();
      else await kept.write(files);
    };
    const every = { updates: 5 };
    const run = first.pipeline(manifest() as never).fit(reviews(40), {
      ...settings,
      checkpoint: { to: { ...kept, write }, every },
    });
    const follow = async () => {
      for await (const { update } of run) expect(update).toBeLessThan(15);
    };
    await expect(follow()).rejects.toMatchObject({ code: 'WORKER_FAILED' });
    await expect(run).rejects.toMatchObject({ code: 'WORKER_FAILED' });
    const second = await openWorker();
    const resumed = second.pipeline(manifest() as never);
    const history = await resumed.fit(reviews(40), { ...settings, checkpoint: { to: kept, every }, resume: true });
    expect(history).toMatchObject({ resumedFrom: 10, updates: 48 });
    const whole = here();
    await whole.fit(reviews(40), settings);
    expect(await bytesOf(resumed)).toEqual(await bytesOf(whole));
    await second.close();
  });

  it('is closed while it is busy: what waits is told', async () => {
    const worker = await openWorker<typeof registry>({ registry: own });
    const small = worker.pipeline(manifest(deadly) as never);
    await small.fit(reviews(12), { epochs: 1 });
    const waiting = expect(small.predict('loop for ever')).rejects.toMatchObject({ code: 'WORKER_CLOSED' });
    await worker.close();
    await waiting;
    await expect(small.predict('good')).rejects.toMatchObject({ code: 'WORKER_CLOSED' });
    await worker.close();
  });

  it('never opens where its registry or its script is missing', async () => {
    const invalid = { code: 'REGISTRY_INVALID' };
    const missing = openWorker({ registry: new URL('./none.ts', import.meta.url) });
    await expect(missing).rejects.toMatchObject({ ...invalid, message: expect.stringContaining("can't be imported") });
    const other = openWorker({ registry: new URL('../support.ts', import.meta.url) });
    await expect(other).rejects.toMatchObject({ ...invalid, message: expect.stringContaining('by default') });
    const script = connectWorker(new Worker(new URL('./none.js', import.meta.url)));
    await expect(script).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  });

  const program = new URL('./process.ts', import.meta.url);
  it.each([
    ['a file', [fileURLToPath(program)]],
    ['a text', ['--input-type=module', '--eval', `import ${JSON.stringify(program)}`]],
  ])('lets its process end, but not before a call that waits, where the program is %s', async (_, start) => {
    const argv = ['--conditions=@unrolled/source', '--import', 'tsx', ...start];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 30_000 });
    expect(stdout).toBe('2 updates\n');
  });
});

/** Keeps an evaluation waiting; says when it is begun. */
async function* endless(begin: () => void) {
  begin();
  for (;;) {
    yield* reviews(3);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
