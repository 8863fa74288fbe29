// A run in a worker thread is followed like any other: every epoch is written, though reports in between may be skipped.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorker } from 'unrolled/worker';
import { expect, test } from 'vitest';
import { tensorBoard } from '../src/index.ts';
import { pointsOf, readEvents } from './read-events.ts';
import { manifest, settings, texts } from './small-run.ts';

test('writes every epoch, and as many updates as it hears of', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-tensorboard-'));
  const worker = await openWorker();
  try {
    const { epochs } = await tensorBoard(worker.pipeline(manifest).fit(texts, settings), folder, { every: 1 });
    const events = readEvents(join(folder, 'train'));
    expect(pointsOf(events, 'epoch/loss')).toEqual(epochs.map(({ epoch, loss }) => [4 * epoch, Math.fround(loss)]));
    const steps = pointsOf(events, 'update/loss').map(([step]) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(pointsOf(readEvents(join(folder, 'validation')), 'epoch/loss')).toHaveLength(3);
  } finally {
    await worker.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
