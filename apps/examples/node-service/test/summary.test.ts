// Quantiles of the latest measurements; count and sum of all.
import { expect, it } from 'vitest';
import { createSummary } from '../src/summary.ts';

it('has no quantiles before the first measurement', () => {
  expect(createSummary().lines('x')).toEqual([
    '# TYPE x summary',
    'x{quantile="0.5"} NaN',
    'x{quantile="0.99"} NaN',
    'x{quantile="1"} NaN',
    'x_sum 0',
    'x_count 0',
  ]);
});

it('takes quantiles by nearest rank, in any order of arrival', () => {
  const summary = createSummary();
  for (let value = 1; value <= 200; value += 1) summary.observe((value * 77) % 201);
  const lines = [
    'x{quantile="0.5"} 100',
    'x{quantile="0.99"} 198',
    'x{quantile="1"} 200',
    'x_sum 20100',
    'x_count 200',
  ];
  expect(summary.lines('x').slice(1)).toEqual(lines);
});

it('forgets all but the latest thousand', () => {
  const summary = createSummary();
  for (let count = 0; count < 500; count += 1) summary.observe(100);
  for (let count = 0; count < 1000; count += 1) summary.observe(1);
  expect(summary.lines('x')).toContain('x{quantile="1"} 1');
  expect(summary.lines('x').slice(-2)).toEqual(['x_sum 51000', 'x_count 1500']);
});
