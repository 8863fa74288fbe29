// The examples of one answer for a sequence, on a few examples for one epoch.
import { expect, test } from 'vitest';
import type { TrainedNetwork } from '../src/example.ts';
import { gunPoint } from '../src/gun-point.ts';
import { language } from '../src/language.ts';
import { names } from '../src/names.ts';
import { summariesOf } from '../src/summaries.ts';
import { vowels } from '../src/vowels.ts';
import { runQuickly } from './support.ts';

test.each([
  [language, ['letters', 'recurrent']],
  [names, ['letters', 'ngrams', 'recurrent']],
  [vowels, ['summary', 'recurrent']],
  [gunPoint, ['summary', 'recurrent']],
] as const)('$name measures a network beside what can’t use order', async (example, expected) => {
  const { report, lines, notes } = await runQuickly(example, 40);
  expect(report.name).toBe(example.name);
  expect(Object.keys(report.measures)).toEqual(expected);
  expect(notes).toHaveLength(expected.length); // an epoch each
  for (const [index, share] of Object.values(report.measures).entries()) {
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(1);
    expect(lines[index]).toContain(`${(100 * (share as number)).toFixed(1)}% right`);
  }
  expect(lines).toHaveLength(expected.length);
});

test('an example of which the seed is the same measures the same', async () => {
  const first = await runQuickly(vowels, 40);
  expect((await runQuickly(vowels, 40)).report).toEqual(first.report);
});

test('each network is handed out once it is trained, before it is freed', async () => {
  const seen: string[] = [];
  const trained = async ({ title, pipeline, train, test, history }: TrainedNetwork) => {
    seen.push(title);
    expect(history.settings).toMatchObject({ epochs: 1, seed: 7 });
    expect([train.length, test.length]).toEqual([20, 150]);
    expect((await pipeline.anatomy()).network.target).toMatchObject({ kind: 'class', size: 2 });
  };
  await gunPoint.run({ seed: 7, epochs: 1, limit: 20, print: () => {}, note: () => {}, trained });
  expect(seen).toEqual(['mean and spread', 'two-way LSTM']);
});

test('a summary of a series is the mean and the standard deviation of each of its values', () => {
  const series = [
    [1, 5],
    [3, 5],
    [5, 5],
    [7, 5],
  ];
  expect(summariesOf([{ label: 'a', values: series }])).toEqual([{ label: 'a', values: [[4, 5, Math.sqrt(5), 0]] }]);
  const backwards = [...series].reverse();
  expect(summariesOf([{ values: backwards }])).toEqual([{ values: [[4, 5, Math.sqrt(5), 0]] }]);
});
