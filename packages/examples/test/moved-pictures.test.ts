// Moved pictures: what stays, how far they go, and that between pixels they are linear.
import { describe, expect, it } from 'vitest';
import { movedPicture } from '../src/moved-pictures.ts';

const size = 16;

/** A picture of 16 × 16 pixels, with the same number in its three channels. */
const picture = (numberOf: (row: number, column: number) => number) =>
  Array.from({ length: size }, (_, row) =>
    Array.from({ length: size * 3 }, (__, at) => numberOf(row, Math.floor(at / 3))),
  );

describe('a moved picture', () => {
  it('is white where it was white, and where it comes in from outside', () => {
    const white = picture(() => 1);
    expect(movedPicture(white, 1, 5)).toEqual(white.map((row) => row.map(() => expect.closeTo(1, 12))));
    const black = picture(() => 0);
    const moved = Array.from({ length: 50 }, (_, number) => movedPicture(black, 1, number).flat());
    expect(moved.some((numbers) => numbers.includes(1))).toBe(true);
    for (const numbers of moved) for (const number of numbers) expect(Math.abs(number - 0.5)).toBeLessThanOrEqual(0.5);
  });

  it('shows the same ramp, moved by at most a pixel and zoomed by at most a twentieth', () => {
    const ramp = picture((row, column) => row * 100 + column);
    for (let number = 0; number < 50; number += 1) {
      const moved = movedPicture(ramp, 3, number);
      const at = (row: number, column: number, channel = 0) => moved[row]?.[column * 3 + channel] as number;
      const [across, along] = [at(8, 9) - at(8, 8), at(9, 8) - at(8, 8)];
      for (const slope of [across, along / 100]) {
        expect(slope).toBeGreaterThanOrEqual(1 / 1.05 - 1e-9);
        expect(slope).toBeLessThanOrEqual(1 / 0.95 + 1e-9);
      }
      for (const row of [5, 10])
        for (const column of [5, 10])
          for (const channel of [0, 1, 2])
            expect(at(row, column, channel)).toBeCloseTo(at(8, 8) + (row - 8) * along + (column - 8) * across, 8);
      // Its middle shows a place at most a pixel off on either side.
      const middle = (at(7, 7) + at(7, 8) + at(8, 7) + at(8, 8)) / 4 - 7.5 * 101;
      expect(Math.abs(middle)).toBeLessThanOrEqual(101 + 1e-9);
    }
  });

  it('is decided by the seed and its number', () => {
    const drawing = picture((row, column) => ((row * 7 + column * 3) % 11) / 11);
    expect(movedPicture(drawing, 1, 5)).toEqual(movedPicture(drawing, 1, 5));
    expect(movedPicture(drawing, 1, 6)).not.toEqual(movedPicture(drawing, 1, 5));
    expect(movedPicture(drawing, 2, 5)).not.toEqual(movedPicture(drawing, 1, 5));
  });
});
