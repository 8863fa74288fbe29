// A run that is followed: its event files hold its progress, however it ends, and it goes on as it would without.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { History, Progress } from '@unrolled/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tensorBoard } from '../src/index.ts';
import { eventFiles, pointsOf, readEvents } from './read-events.ts';
import { newPipeline, settings, texts } from './small-run.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-tensorboard-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const train = () => readEvents(join(folder, 'train'));
const validation = () => readEvents(join(folder, 'validation'));
const rounded = (points: readonly (readonly [number, number])[]) =>
  points.map(([step, value]) => [step, Math.fround(value)]);

/** What the points of an epoch's measure should be. */
function epochPoints({ epochs }: History, measure: (epoch: History['epochs'][number]) => number) {
  return rounded(epochs.map((epoch) => [epoch.epoch * 4, measure(epoch)]));
}

describe('what is written', () => {
  test('the measures of each epoch, on the training and the validation part', async () => {
    const history = await tensorBoard(newPipeline().fit(texts, settings), folder);
    const [events, held] = [train(), validation()];
    expect(events[0]).toMatchObject({ version: 'brain.Event:2', step: 0 });
    expect(events[1]).toMatchObject({ status: 1, step: 1 });
    for (const measure of ['loss', 'accuracy', 'gradientNorm', 'learningRate', 'seconds'] as const)
      expect(pointsOf(events, `epoch/${measure}`)).toEqual(epochPoints(history, (epoch) => epoch[measure]));
    for (const measure of ['loss', 'accuracy'] as const)
      expect(pointsOf(held, `epoch/${measure}`)).toEqual(
        epochPoints(history, ({ validation }) => validation?.[measure] ?? Number.NaN),
      );
    const times = events.map(({ time }) => time);
    expect(times).toEqual([...times].sort());
    expect(Math.abs(Date.now() / 1000 - (times.at(-1) ?? 0))).toBeLessThan(60);
  });

  test('updates, as often as is asked', async () => {
    const seen: Progress[] = [];
    for await (const progress of tensorBoard(newPipeline().fit(texts, settings), folder, { every: 1 }))
      seen.push(progress);
    expect(seen).toHaveLength(12);
    for (const measure of ['loss', 'gradientNorm', 'learningRate'] as const)
      expect(pointsOf(train(), `update/${measure}`)).toEqual(
        rounded(seen.map((progress) => [progress.update, progress[measure] as number])),
      );
    expect(pointsOf(train(), 'update/examplesPerSecond')).toHaveLength(12);
  });

  test('by default every tenth update, the first one among them', async () => {
    await tensorBoard(newPipeline().fit(texts, { ...settings, epochs: 6 }), folder);
    expect(pointsOf(train(), 'update/loss').map(([step]) => step)).toEqual([1, 11, 21]);
  });

  test('at the end of an epoch it is on the disk, where a TensorBoard that runs meanwhile finds it', async () => {
    for await (const { ended } of tensorBoard(newPipeline().fit(texts, settings), folder)) {
      if (!ended) continue;
      expect(pointsOf(train(), 'epoch/loss')).toHaveLength(ended.epoch);
      expect(pointsOf(validation(), 'epoch/loss')).toHaveLength(ended.epoch);
    }
  });

  test('within an epoch it is on the disk after a second', async () => {
    let found = 0;
    for await (const { update } of tensorBoard(newPipeline().fit(texts, settings), folder, { every: 1 })) {
      if (update === 1) await new Promise((resolve) => setTimeout(resolve, 1100));
      if (update === 2) found = pointsOf(train(), 'update/loss').length;
    }
    expect(found).toBe(2);
  });

  test('without a validation part there is no folder for it', async () => {
    const { validation: _, ...whole } = settings;
    await tensorBoard(newPipeline().fit(texts, whole), folder);
    expect(existsSync(join(folder, 'validation'))).toBe(false);
  });
});

describe('the run goes on as it would without', () => {
  test('to the same bits', async () => {
    const [plain, followed] = [newPipeline(), newPipeline()];
    const alone = await plain.fit(texts, settings);
    const history = await tensorBoard(followed.fit(texts, settings), folder);
    expect(history.epochs.map(({ loss }) => loss)).toEqual(alone.epochs.map(({ loss }) => loss));
    expect((await followed.toFiles()).get('weights.safetensors')).toEqual(
      (await plain.toFiles()).get('weights.safetensors'),
    );
  });

  test('a loop that is left stops it at that step, and its files are whole', async () => {
    const pipeline = newPipeline();
    for await (const { update } of tensorBoard(pipeline.fit(texts, settings), folder, { every: 1 }))
      if (update === 5) break;
    expect(pointsOf(train(), 'update/loss').map(([step]) => step)).toEqual([1, 2, 3, 4, 5]);
    expect((await pipeline.predict('superb')).label).toMatch(/good|bad/);
  });

  test('stop ends it, before its first step too', async () => {
    const run = tensorBoard(newPipeline().fit(texts, settings), folder);
    await expect(run.stop()).rejects.toMatchObject({ code: 'RUN_STOPPED' });
    expect(train()).toHaveLength(1);
    const second = tensorBoard(newPipeline().fit(texts, settings), folder);
    for await (const { update } of second) if (update === 2) expect(await second.stop()).toMatchObject({ updates: 2 });
  });

  test('a signal stops it, and the files hold what there was', async () => {
    const controller = new AbortController();
    const run = tensorBoard(newPipeline().fit(texts, { ...settings, signal: controller.signal }), folder, { every: 1 });
    for await (const { update } of run) if (update === 6) controller.abort();
    expect(await run).toMatchObject({ stopped: 'aborted', updates: 6 });
    expect(pointsOf(train(), 'update/loss')).toHaveLength(6);
  });
});

test('a run that goes on from a checkpoint adds a file, which begins where it goes on', async () => {
  const checkpoint = join(folder, 'checkpoint');
  const first = newPipeline().fit(texts, { ...settings, checkpoint: { to: checkpoint } });
  for await (const { update } of tensorBoard(first, folder, { every: 1 })) if (update === 7) break;
  await tensorBoard(newPipeline().fit(texts, { ...settings, resume: checkpoint }), folder, { every: 1 });
  expect(eventFiles(join(folder, 'train'))).toHaveLength(2);
  const starts = train().filter(({ status }) => status === 1);
  expect(starts.map(({ step }) => step)).toEqual([1, 8]);
  expect(pointsOf(train(), 'update/loss').map(([step]) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  expect(validation().flatMap(({ status, step }) => (status === 1 ? [step] : []))).toEqual([1, 8]);
});

describe('what goes wrong', () => {
  test('a folder that cannot be written ends the run with what to do, and another one may begin', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'no folder');
    const pipeline = newPipeline();
    const failure = expect.objectContaining({
      code: 'EVENTS_WRITE_FAILED',
      message: expect.stringMatching(/train.*can't be written: .*Name a folder that can be written to/),
    });
    await expect(tensorBoard(pipeline.fit(texts, settings), file)).rejects.toEqual(failure);
    await expect(
      (async () => {
        for await (const _ of tensorBoard(pipeline.fit(texts, settings), file));
      })(),
    ).rejects.toEqual(failure);
    expect((await pipeline.fit(texts, settings)).updates).toBe(12);
  });

  test.runIf(process.platform === 'linux')('a folder below /proc, where making one may never end', async () => {
    await expect(tensorBoard(newPipeline().fit(texts, settings), '/proc/unrolled/events')).rejects.toMatchObject({
      code: 'EVENTS_WRITE_FAILED',
      message: expect.stringContaining('/proc/unrolled/events'),
    });
  });

  test('a folder that cannot be written later on ends the run too; the model keeps what it has learned', async () => {
    writeFileSync(join(folder, 'validation'), 'no folder');
    const pipeline = newPipeline();
    await expect(tensorBoard(pipeline.fit(texts, settings), folder)).rejects.toMatchObject({
      code: 'EVENTS_WRITE_FAILED',
    });
    expect((await pipeline.predict('superb')).label).toMatch(/good|bad/);
    expect(pointsOf(train(), 'epoch/loss')).toHaveLength(1);
  });

  test('a run that fails says so, and leaves whole files', async () => {
    const run = newPipeline().fit(texts, { ...settings, resume: join(folder, 'nowhere') });
    await expect(tensorBoard(run, folder)).rejects.toMatchObject({ code: expect.stringContaining('CHECKPOINT') });
    expect(train()).toHaveLength(1);
  });

  test.each([0, 2.5, Number.NaN])('every %s is no number of updates', async (every) => {
    const pipeline = newPipeline();
    expect(() => tensorBoard(pipeline.fit(texts, settings), folder, { every })).toThrow(/whole number of updates/);
  });
});
