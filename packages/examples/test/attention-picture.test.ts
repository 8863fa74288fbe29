// Pictures of attention: what stands under what.
import { expect, test } from 'vitest';
import { drawAttention } from '../src/attention-picture.ts';

test('characters stand side by side, the darker the more was looked at them', () => {
  expect(
    drawAttention(
      ['a', 'b', 'c'],
      ['C', 'A'],
      [
        [0, 0.25, 0.75],
        [1, 0, 0],
        [0.5, 0.5, 0],
      ],
    ),
  ).toEqual(['   abc', 'C   ░▓', 'A  █', '∎  ▒▒']);
});

test('words stand apart, each with a column of its width', () => {
  expect(
    drawAttention(
      ['lady', 'é', 'x'],
      ['joaninha', 'e'],
      [
        [1, 0, 0],
        [0, 0.1, 0.9],
      ],
    ),
  ).toEqual(['          lady é x', 'joaninha  ████', 'e                █']);
});
