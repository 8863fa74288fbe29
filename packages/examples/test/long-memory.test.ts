// The long-memory problems: which networks are tried, and on a few examples what is measured of them.
import { expect, test } from 'vitest';
import { longMemory, measureTrial, trials } from '../src/long-memory.ts';

test.each([
  { problem: 'adding', lag: 110 }, // steps of the longest sequence of 100
  { problem: 'copying', lag: 30 }, // from a letter to its place in the answer
])(
  '$problem is learned by both cells, and by the LSTM with windows shorter and longer than the lag',
  ({ problem, lag }) => {
    const own = trials.filter((trial) => trial.problem === problem);
    expect(new Set(own.map(({ cell }) => cell))).toEqual(new Set(['vanilla', 'lstm']));
    const windows = own.flatMap(({ window }) => window ?? []);
    expect(Math.min(...windows)).toBeLessThan(lag);
    expect(Math.max(...windows)).toBeGreaterThanOrEqual(lag);
  },
);

test.each([
  { trial: { problem: 'adding', length: 20, cell: 'vanilla' }, answers: 1 },
  { trial: { problem: 'adding', length: 20, cell: 'lstm', window: 8 }, answers: 1 },
  { trial: { problem: 'copying', length: 10, cell: 'lstm' }, answers: 10 },
] as const)('$trial: shares of the answers of each seed', async ({ trial, answers }) => {
  const notes: string[] = [];
  const context = { seed: 1, epochs: 1, limit: 2, print: () => {}, note: (line: string) => notes.push(line) };
  const { right, guessed } = await measureTrial(trial, context);
  const all = 2 * answers; // of two examples
  expect(3 * all * right.mean).toBeCloseTo(Math.round(3 * all * right.mean), 9);
  expect(right.deviation).toBeGreaterThanOrEqual(0);
  expect(all * guessed).toBeCloseTo(Math.round(all * guessed), 9);
  expect(notes.map((note) => /seed (\d), epoch 1/.exec(note)?.[1])).toEqual(['1', '2', '3']);
});

test('stops when it is asked to', async () => {
  const stop = new AbortController();
  const context = { seed: 1, epochs: 2, limit: 2, print: () => {}, note: () => stop.abort(), signal: stop.signal };
  await expect(longMemory.run(context)).rejects.toMatchObject({ code: 'RUN_STOPPED' });
});
