// How tables look.
import { expect, test } from 'vitest';
import { renderTable, textOf } from '../src/table.ts';

test('three digits that say something', () => {
  expect([0.43256, 3.456, 34.56, 345.6, 12345.6, 7, 0, 0.0004, 2e-9].map(textOf)).toEqual([
    '0.433',
    '3.46',
    '34.6',
    '346',
    '12,346',
    '7',
    '0',
    '0.000400',
    '2.00e-9',
  ]);
  expect([undefined, 'text', Number.NaN].map(textOf)).toEqual(['', 'text', 'NaN']);
});

test('text to the left, numbers to the right, notes below', () => {
  const table = {
    title: 'Title',
    columns: ['', 'ms', 'rounds'],
    rows: [
      ['Unrolled', 3.25, '7 × 10'],
      ['other', 128.2, '1 cold'],
    ],
    notes: ['a note'],
  };
  expect(renderTable(table).split('\n')).toEqual([
    'Title',
    '',
    '            ms  rounds',
    '────────  ────  ──────',
    'Unrolled  3.25  7 × 10',
    'other      128  1 cold',
    '  a note',
  ]);
});
