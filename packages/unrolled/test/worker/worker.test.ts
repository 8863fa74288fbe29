// Off the caller's thread: the same methods, the same bits, the same errors, in a worker of Node.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Example,
  type FitSettings,
  type History,
  isUnrolledError,
  type Model,
  type ModelStream,
  memoryCheckpoints,
  type Pipeline,
  type Prediction,
  type Progress,
  registry,
} from '../../src/index.ts';
import { openWorker, type RegistryWorker } from '../../src/worker.ts';
import { bytesOf, pipeline as here, manifest, reviews } from '../support.ts';

let worker: RegistryWorker<typeof registry>;
beforeAll(async () => {
  worker = await openWorker();
});
afterAll(() => worker.close());

/** The small pipeline of the other tests, in the worker. */
const there = (changes: Parameters<typeof manifest>[0] = {}): Pipeline => worker.pipeline(manifest(changes) as never);

/** Everything of a history but its clock. */
function lasting({ epochs, seconds: _, ...rest }: History): unknown {
  return { ...rest, epochs: epochs.map(({ seconds: __, ...epoch }) => epoch) };
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a run in a worker', () => {
  const settings: FitSettings[] = [
    { epochs: 2, batchSize: 8, seed: 5 },
    { epochs: 3, batchSize: 12, validation: 0.2, earlyStopping: {}, calibrate: true, classWeights: 'balanced' },
    { epochs: 1, batchSize: 8, validation: reviews(10), threshold: { tune: 'f1' }, maximumLength: 5 },
  ];

  it.each(settings)('ends in the bits of one on the caller’s thread: %j', async (given) => {
    const [ours, theirs] = [here(), there()];
    const history = await ours.fit(reviews(40), given);
    expect(lasting(await theirs.fit(reviews(40), given))).toEqual(lasting(history));
    expect(await bytesOf(theirs)).toEqual(await bytesOf(ours));
    expect(theirs.info()).toEqual(ours.info());
    expect(theirs.manifest).toEqual(ours.manifest);
    expect([...(await theirs.toFiles()).keys()]).toEqual([...(await ours.toFiles()).keys()]);
  });

  it('reports steps in order and every end of an epoch, also to a loop that is slow', async () => {
    const run = there().fit(reviews(60), { epochs: 3, batchSize: 2 });
    const seen: Progress[] = [];
    for await (const progress of run) {
      seen.push(progress);
      await wait(2);
    }
    const history = await run;
    const updates = seen.map(({ update }) => update);
    expect(updates).toEqual([...updates].sort((a, b) => a - b));
    expect(seen.filter(({ ended }) => ended).map(({ ended }) => ended)).toEqual(history.epochs);
    expect(history).toMatchObject({ updates: 90, stopped: 'finished' });
  });

  it('does not wait for a slow loop, which gets the latest report', async () => {
    const run = there().fit(reviews(60), { epochs: 2, batchSize: 2 });
    const seen: Progress[] = [];
    for await (const progress of run) {
      seen.push(progress);
      await run; // on the caller's thread this would let go of the pace
    }
    expect(seen.map(({ update, ended }) => [update, ended?.epoch]).slice(1)).toEqual([
      [30, 1],
      [60, 2],
    ]);
  });

  it('stops after its step when its loop is left, and keeps the weights of that step', async () => {
    const left = there();
    const run = left.fit(reviews(40), { epochs: 50, batchSize: 2 });
    for await (const { update } of run) if (update >= 7) break;
    const { updates, stopped } = await run;
    expect(stopped).toBe('left');
    expect(updates).toBeGreaterThanOrEqual(7);
    const ours = here();
    for await (const { update } of ours.fit(reviews(40), { epochs: 50, batchSize: 2 })) if (update === updates) break;
    expect(await bytesOf(left)).toEqual(await bytesOf(ours));
    await left.fit(reviews(20), { epochs: 1 });
    expect(left.info().settings.epochs).toBe(1);
  });

  it('stops at the signal, and by stop', async () => {
    const controller = new AbortController();
    const aborted = there().fit(reviews(40), { epochs: 1000, batchSize: 4, signal: controller.signal });
    for await (const { update } of aborted) if (update >= 3) controller.abort();
    expect(await aborted).toMatchObject({ stopped: 'aborted' });
    const stopped = there().fit(reviews(40), { epochs: 1000, batchSize: 4 });
    await stopped[Symbol.asyncIterator]().next(); // after its first step
    expect(await stopped.stop()).toMatchObject({ stopped: 'left' });
    const before = there().fit(reviews(40), { signal: AbortSignal.abort() });
    await expect(before).rejects.toMatchObject({ code: 'RUN_STOPPED' });
  });

  it('lets predictions in between, with the weights of the moment', async () => {
    const small = there();
    expect(() => small.info()).toThrow(expect.objectContaining({ code: 'NOT_FITTED' }) as Error);
    await expect(small.predict('good')).rejects.toMatchObject({ code: 'NOT_FITTED' });
    const run = small.fit(reviews(40), { epochs: 1000, batchSize: 8 });
    const answers = new Set<number>();
    for await (const _ of run) {
      answers.add((await small.predict('good')).probability);
      expect(small.info().labels).toEqual(['negative', 'positive']);
      if (answers.size === 3) break;
    }
    expect(answers.size).toBe(3);
  });

  it('refuses a second run meanwhile and wrong settings at once, as on the caller’s thread', async () => {
    const small = there();
    const run = small.fit(reviews(20), { epochs: 1 });
    expect(() => small.fit(reviews(20))).toThrow(expect.objectContaining({ code: 'RUN_IN_PROGRESS' }) as Error);
    await run;
    expect(() => small.fit(reviews(20), { epochs: 0 })).toThrow('"epochs" must be a whole number of at least 1');
    const { trainer: _, ...noTrainer } = manifest();
    expect(() => worker.pipeline(noTrainer as never).fit(reviews(20))).toThrow('The manifest names no trainer');
    await small.fit(reviews(20), { epochs: 1 });
  });
});

describe('examples', () => {
  it('come from arrays, iterables and async iterables alike, with parts that the pipeline does not read', async () => {
    const rows = reviews(600).map((example) => ({ ...example, render: () => example.text }));
    async function* slowly() {
      for (const [index, row] of rows.entries()) {
        if (index % 200 === 0) await wait(10);
        yield row;
      }
    }
    const train = async (data: Iterable<Example> | AsyncIterable<Example>) => {
      const small = there();
      await small.fit(data, { epochs: 1, batchSize: 64 });
      return bytesOf(small);
    };
    const expected = await train(rows);
    expect(await train(new Set(rows))).toEqual(expected);
    expect(await train(slowly())).toEqual(expected);
  });

  it('are not read far beyond what the worker has used, nor after a stop', async () => {
    const controller = new AbortController();
    let read = 0;
    let left = false;
    async function* endless() {
      try {
        for (;;) {
          read += 1;
          yield { text: 'good', label: `label ${read % 2}` };
          if (read === 1000) controller.abort();
        }
      } finally {
        left = true;
      }
    }
    await expect(there().fit(endless(), { signal: controller.signal })).rejects.toMatchObject({ code: 'RUN_STOPPED' });
    expect(left).toBe(true);
    expect(read).toBeLessThan(2000);
  });

  it('fail with the very error of their source, and with the worker’s own for what they lack', async () => {
    const broken = new TypeError('the disk is gone');
    function* failing() {
      yield* reviews(20);
      throw broken;
    }
    expect(
      await there()
        .fit(failing())
        .catch((error) => error),
    ).toBe(broken);
    await expect(there().fit(3 as never)).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringContaining('Examples must be an array or another iterable, but 3 was given.'),
    });
    await expect(there().fit([...reviews(3), { text: 'no label' }])).rejects.toThrow('Example 4 has no label.');
    await expect(there().fit([{ text: (() => 'good') as never, label: 'a' }])).rejects.toMatchObject({
      code: 'WORKER_UNSENDABLE',
    });
  });
});

describe('a model in a worker', () => {
  const ours = here();
  const texts = reviews(300).map(({ text }) => text as string);
  let theirs: Pipeline;
  let expected: readonly Prediction[];
  beforeAll(async () => {
    theirs = there();
    await ours.fit(reviews(60), { epochs: 2, batchSize: 8 });
    await theirs.fit(reviews(60), { epochs: 2, batchSize: 8 });
    expected = await ours.predict(texts);
  });

  it('predicts one, many and a stream, with the bits of the caller’s thread', async () => {
    expect(await theirs.predict(texts)).toEqual(expected);
    expect(await Promise.all(texts.slice(0, 20).map((text) => theirs.predict({ text })))).toEqual(
      expected.slice(0, 20),
    );
    expect(await collect(theirs.predict(new Set(texts).values()))).toEqual(await ours.predict([...new Set(texts)]));
    async function* slowly() {
      for (const text of texts.slice(0, 5)) {
        await wait(20);
        yield text;
      }
    }
    expect(await collect(theirs.predict(slowly(), { batchSize: 3 }))).toEqual(expected.slice(0, 5));
    expect(() => theirs.predict(texts, { batchSize: 0 })).toThrow('"batchSize" must be a whole number of at least 1');
  });

  it('answers what came before a bad input, then says which one it is', async () => {
    const seen: Prediction[] = [];
    const read = async () => {
      for await (const prediction of theirs.predict(['good', 'bad', ' '].values())) seen.push(prediction);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'EXAMPLE_EMPTY',
      message: expect.stringContaining('Example 3 has an empty or all-whitespace text.'),
      mend: expect.stringContaining('Fill it in'),
    });
    expect(seen).toHaveLength(2);
    for (const input of [3, undefined, null, {}, { values: [[1]] }]) {
      const [one, other] = await Promise.all([ours, theirs].map((model) => model.predict(input as never).catch(said)));
      expect(other).toEqual(one);
    }
  });

  it('tells the source of a stream that is left', async () => {
    let left = false;
    function* endless() {
      try {
        for (;;) yield 'good';
      } finally {
        left = true;
      }
    }
    for await (const { label } of theirs.predict(endless())) {
      expect(label).toBe(expected.length > 0 ? (await ours.predict('good')).label : '');
      break;
    }
    expect(left).toBe(true);
  });

  it('evaluates, reads piece by piece and opens up', async () => {
    expect(await theirs.evaluate(reviews(70).values())).toEqual(await ours.evaluate(reviews(70)));
    let before: [ModelStream?, ModelStream?] = [];
    for (const piece of ['a good', { text: ' film' }, { tokens: ['is', 'bad'] }]) {
      const [one, other] = await Promise.all([ours.step(piece, before[0]), theirs.step(piece, before[1])]);
      expect(other).toEqual(one);
      before = [one.stream, other.stream];
    }
    const [one, other] = await Promise.all([ours.anatomy(), theirs.anatomy()]);
    expect([other.network, other.parameters]).toEqual([one.network, one.parameters]);
    expect(await other.batch('a good film', 'positive')).toEqual(await one.batch('a good film', 'positive'));
    await expect(other.batch('a good film', 'postive')).rejects.toMatchObject({ code: 'LABEL_UNKNOWN' });
  });

  it('is saved and loaded, as files and as a folder', async () => {
    const root = await mkdtemp(join(tmpdir(), 'unrolled-worker-'));
    try {
      const folder = join(root, 'model');
      await theirs.save(folder);
      const loaded: Model[] = [
        await worker.load(folder),
        await worker.load(new URL(`file://${folder}`)),
        await worker.load(await ours.toFiles(), { backend: 'wasm' }),
        await registry.load(folder),
      ];
      for (const model of loaded) {
        expect(await model.predict(texts)).toEqual(expected);
        expect(model.info()).toEqual(ours.info());
      }
      await expect(worker.load(join(root, 'none'))).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it('is gone once it is disposed', async () => {
    const model = await worker.load(await theirs.toFiles());
    model.dispose();
    await expect(model.predict('good')).rejects.toMatchObject({ code: 'EXECUTABLE_DISPOSED' });
    expect(() => there().dispose()).not.toThrow();
  });
});

describe('a folder of checkpoints', () => {
  it('is written and read in the worker', async () => {
    const to = await mkdtemp(join(tmpdir(), 'unrolled-worker-'));
    try {
      const settings: FitSettings = { epochs: 2, batchSize: 8 };
      for await (const { update } of there().fit(reviews(40), { ...settings, checkpoint: { to } })) {
        if (update >= 3) break;
      }
      const resumed = there();
      await resumed.fit(reviews(40), { ...settings, resume: to });
      const whole = here();
      await whole.fit(reviews(40), settings);
      expect(await bytesOf(resumed)).toEqual(await bytesOf(whole));
    } finally {
      await rm(to, { recursive: true });
    }
  });
});

describe('errors', () => {
  it('cross with code, message, mend, facts and cause', async () => {
    const layers = [{ use: 'gru', with: { units: 4 } }];
    const ours = await thrown(() => registry.resolve(manifest({ layers })));
    const small = there({ layers });
    for (const theirs of [await thrown(() => small.fit(reviews(10))), await thrown(() => small.predict('good'))]) {
      expect(isUnrolledError(theirs, 'PLUGIN_UNKNOWN')).toBe(true);
      expect(said(theirs)).toEqual(said(ours));
    }
    expect(() => worker.pipeline({ input: () => {} } as never)).toThrow('a value that JSON can hold');
  });

  it('of a store on the caller’s side come back as they were thrown', async () => {
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const to = { ...memoryCheckpoints(), write: () => Promise.reject(full) };
    const failed = await thrown(() => there().fit(reviews(20), { epochs: 1, checkpoint: { to } }));
    expect(failed).toMatchObject({ code: 'CHECKPOINT_WRITE_FAILED', cause: full });
    expect((failed as Error).cause).toBe(full);
  });
});

describe('types', () => {
  it('are those of the registry', () => {
    const base = {
      input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 4 } } },
      target: { labels: ['negative', 'positive'] },
      layers: [{ use: 'vanilla', with: { units: 4 } }],
      task: { use: 'many-to-one' },
      backend: { use: 'wasm' },
    } as const;
    expectTypeOf(worker.pipeline(base)).toEqualTypeOf<Pipeline<'negative' | 'positive'>>();
    // @ts-expect-error no task is called so
    worker.pipeline({ ...base, task: { use: 'many-to-some' } });
  });
});

/** What an error says, without its stack. */
function said(error: unknown): unknown {
  const { code, message, mend, data, name } = error as Error & Record<string, unknown>;
  return { code, message, mend, data, name };
}

async function thrown(act: () => unknown): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
