// The long-memory problems on a few examples: every trial over every seed, and what a window may not be.
import { expect, test } from 'vitest';
import { longMemory } from '../src/long-memory.ts';
import { runQuickly } from './support.ts';

type Trial = {
  readonly problem: string;
  readonly length: number;
  readonly cell: string;
  readonly window?: number;
  readonly right: { readonly mean: number; readonly deviation: number };
  readonly guessed: number;
};

test('each problem is learned by both cells, and by the LSTM with windows shorter and longer than the lag', async () => {
  const { report, lines, notes } = await runQuickly(longMemory, 2);
  const trials = report.measures.trials as unknown as readonly Trial[];
  for (const problem of ['adding', 'copying']) {
    const own = trials.filter((trial) => trial.problem === problem);
    expect(new Set(own.map(({ cell }) => cell))).toEqual(new Set(['vanilla', 'lstm']));
    const windows = own.flatMap(({ window }) => window ?? []);
    const lag = problem === 'adding' ? 110 : 30; // steps of the longest sequence; from a letter to its place in the answer
    expect(Math.min(...windows)).toBeLessThan(lag);
    expect(Math.max(...windows)).toBeGreaterThanOrEqual(lag);
  }
  // Shares of two sums, or of ten letters of two texts, by each of three seeds.
  for (const { problem, right, guessed } of trials) {
    const answers = problem === 'adding' ? 6 : 60;
    expect(right.mean * answers).toBeCloseTo(Math.round(right.mean * answers), 9);
    expect(right.deviation).toBeGreaterThanOrEqual(0);
    expect((guessed * answers) / 3).toBeCloseTo(Math.round((guessed * answers) / 3), 9); // it draws nothing from the seed
  }
  expect(lines).toHaveLength(trials.length);
  expect(notes).toHaveLength(3 * trials.length);
}, 120_000); // 39 trainings
