// What is drawn: numbers, tables, bars, progress, confusion, CSV.
import type { Progress } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { csvLine } from '../src/show/csv.ts';
import { drawConfusion } from '../src/show/evaluation.ts';
import { bars, block, drawBars, percentile } from '../src/show/histogram.ts';
import { count, counted, duration, measure, percent } from '../src/show/number.ts';
import { barLine, epochLine, ProgressBar, secondsLeft } from '../src/show/progress.ts';
import { table } from '../src/show/table.ts';

test('numbers', () => {
  expect([count(8467), counted(1, 'example'), counted(0, 'example')]).toEqual(['8,467', '1 example', '0 examples']);
  expect([percent(0.7684), percent(1)]).toEqual(['76.8%', '100.0%']);
  expect([measure(0.12345), measure(0), measure(1e-5), measure(-1.5)]).toEqual([
    '0.1235',
    '0.0000',
    '1.000e-5',
    '-1.5000',
  ]);
  expect([1.23, 12.3, 65, 3599, 7380].map(duration)).toEqual(['1.2s', '12s', '1m 05s', '59m 59s', '2h 03m']);
});

test('a table lines up, without spaces at the end of a line', () => {
  const rows = [
    ['a', '1', ''],
    ['bbb', '22', 'x'],
  ];
  expect(table(rows, { right: [1], indent: 1 })).toBe(' a     1\n bbb  22  x');
});

describe('histogram', () => {
  test('percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0, 0.25, 0.5, 0.95, 1].map((share) => percentile(hundred, share))).toEqual([1, 25, 50, 95, 100]);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBe(0);
  });

  test('bars of a round width hold every number, outliers in the last', () => {
    const numbers = [...Array.from({ length: 995 }, (_, i) => i % 40), 900, 900, 900, 900, 1000].sort((a, b) => a - b);
    const drawn = bars(numbers);
    expect(drawn.reduce((sum, bar) => sum + bar.count, 0)).toBe(1000);
    expect(drawn[0]).toEqual({ from: 0, to: 4, count: 125 });
    expect(drawn.at(-1)?.to).toBe(1000);
    expect(drawn.length).toBeLessThanOrEqual(10);
    expect(bars([])).toEqual([]);
    expect(bars([3, 3])).toEqual([{ from: 3, to: 3, count: 2 }]);
  });

  test('blocks in eighths', () => {
    expect([block(0), block(0.5), block(2), block(2.13)]).toEqual(['', '▌', '██', '██▏']);
    expect(drawBars(bars([1, 1, 2]), 2)).toBe('1  2  ██\n2  1  █');
  });
});

describe('progress', () => {
  const progress = (batch: number, elapsed: number, epoch = 1): Progress => ({
    epoch,
    epochs: 2,
    batch,
    batches: 10,
    update: batch,
    loss: 0.7,
    meanLoss: 0.65,
    accuracy: 0.6,
    gradientNorm: 1,
    learningRate: 0.001,
    examplesPerSecond: 812.4,
    elapsed,
  });

  test('the time left follows from the rate since the first report', () => {
    expect(secondsLeft(progress(1, 1), progress(1, 1))).toBeUndefined();
    expect(secondsLeft(progress(1, 1), progress(6, 6))).toBe(14);
    expect(secondsLeft(progress(10, 1), progress(5, 3.5, 2))).toBe(2.5);
  });

  test('the bar', () => {
    expect(barLine(progress(5, 5), 65)).toBe(
      'epoch 1/2  ██████████░░░░░░░░░░  5/10  loss 0.6500  accuracy 60.0%  812 examples/s  1m 05s left',
    );
  });

  test('draws at most ten times a second and never wider than the terminal', () => {
    const lines: string[] = [];
    const bar = new ProgressBar((line) => lines.push(line), 40);
    for (let at = 0; at < 1000; at += 20) bar.update(progress(1, at / 1000), at);
    expect(lines).toHaveLength(10);
    expect(lines.every((line) => [...line].length < 40)).toBe(true);
  });

  test('the line of an epoch', () => {
    const record = { epoch: 3, loss: 0.5, accuracy: 0.75, gradientNorm: 1, learningRate: 0.1, seconds: 12 };
    expect(epochLine(record, 10)).toBe('epoch  3/10  loss 0.5000  accuracy 75.0%  12s');
    expect(epochLine({ ...record, validation: { loss: 0.6, accuracy: 0.7 } }, 10)).toContain(
      'validation loss 0.6000  accuracy 70.0%',
    );
  });
});

test('a confusion matrix is shaded by the share of its row', () => {
  const drawn = drawConfusion(
    [
      [75, 25],
      [0, 10],
    ],
    ['neg', 'pos'],
    80,
  );
  expect(drawn.split('\n')).toEqual([
    'true \\ answered  neg    pos',
    'neg              75 ▓▓  25 ░░',
    'pos               0     10 ██',
  ]);
});

test('CSV is quoted where it must be', () => {
  expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', ''])).toBe('a,"b,c","say ""x""","two\nlines",');
});
