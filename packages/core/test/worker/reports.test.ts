// Reports that wait to be asked for: the latest, and every end of an epoch.
import { expect, it } from 'vitest';
import type { EpochRecord, Progress } from '../../src/pipeline/progress.ts';
import { createReports } from '../../src/worker/reports.ts';

const step = (update: number): Progress => ({ update }) as Progress;
const end = (update: number): Progress => ({ update, ended: { epoch: update } as EpochRecord }) as Progress;

it('gives each report where it is asked for in time', async () => {
  let asked = 0;
  const reports = createReports(() => {
    asked += 1;
    setTimeout(() => reports.add(step(asked)));
  });
  expect([(await reports.next())?.update, (await reports.next())?.update]).toEqual([1, 2]);
  expect(asked).toBe(2);
});

it('keeps the latest and the ends of epochs, in order', async () => {
  const reports = createReports();
  for (const report of [step(1), step(2), end(3), step(4), end(5), step(6), step(7)]) reports.add(report);
  const seen = [await reports.next(), await reports.next(), await reports.next()];
  expect(seen.map((report) => report?.update)).toEqual([3, 5, 7]);
});

it('ends for everybody who waits, after what is left', async () => {
  const reports = createReports();
  const waiting = Promise.all([reports.next(), reports.next()]);
  reports.end();
  expect(await waiting).toEqual([undefined, undefined]);
  const others = createReports();
  others.add(end(1));
  others.add(step(2));
  others.end();
  expect((await others.next())?.update).toBe(1);
  expect(others.rest().map(({ update }) => update)).toEqual([2]);
  expect(await others.next()).toBeUndefined();
});
