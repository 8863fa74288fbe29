// The nearest picture, against distances written out.
import { expect, test } from 'vitest';
import { createNearestPicture } from '../src/nearest-picture.ts';

/** 20 × 12 numbers from 0 to 1. */
const picture = (seed: number) =>
  Array.from({ length: 20 }, (_, row) =>
    Array.from({ length: 12 }, (_, column) => ((row * 37 + column * 101 + seed * 61 + row * column * seed) % 97) / 97),
  );

test('it has the least sum of squared differences of all', () => {
  const pictures = Array.from({ length: 40 }, (_, seed) => picture(seed));
  const nearest = createNearestPicture(pictures);
  for (let seed = 40; seed < 60; seed += 1) {
    const asked = picture(seed).flat();
    const distances = pictures.map((each) =>
      each.flat().reduce((sum, number, at) => sum + (number - (asked[at] as number)) ** 2, 0),
    );
    expect(distances[nearest(picture(seed))]).toBeCloseTo(Math.min(...distances), 10);
  }
});

test('a picture is nearest to itself, and of two that are as near the first is taken', () => {
  const nearest = createNearestPicture([picture(1), picture(2), picture(2), picture(3)]);
  expect(nearest(picture(2))).toBe(1);
  expect(nearest(picture(3))).toBe(3);
});
