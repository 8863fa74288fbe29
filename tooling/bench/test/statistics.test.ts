// Quartiles against their definition.
import { expect, test } from 'vitest';
import { quantile, summarise } from '../src/statistics.ts';

test('quartiles lie between order statistics, as NumPy has them', () => {
  expect(summarise([5, 1, 4, 2, 3])).toEqual({ median: 3, lower: 2, upper: 4 });
  expect(summarise([1, 2, 3, 4])).toEqual({ median: 2.5, lower: 1.75, upper: 3.25 });
  expect(summarise([8])).toEqual({ median: 8, lower: 8, upper: 8 });
});

test('numbers are ordered as numbers, and left as they were', () => {
  const given = [10, 9, 100];
  expect(quantile(given, 0)).toBe(9);
  expect(quantile(given, 1)).toBe(100);
  expect(given).toEqual([10, 9, 100]);
});

test('no numbers have no quantile', () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});
