// Where windows lie, against DESIGN's definition of truncation read step by step.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countWindows, handovers, lastWindow, windowAt } from '../src/windows.ts';

const truncations = fc
  .record({ every: fc.integer({ min: 1, max: 7 }), more: fc.integer({ min: 0, max: 12 }) })
  .map(({ every, more }) => ({ every, window: every + more }));
const lengthLists = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 })
  .map((lengths) => Int32Array.from(lengths));

describe('by hand', () => {
  test('chunks of 3 over lengths 7, 3 and 0', () => {
    const lengths = Int32Array.of(7, 3, 0);
    const truncation = { every: 3, window: 3 };
    const windows = [0, 1, 2].map((index) => windowAt(index, lengths, truncation));
    expect(countWindows(lengths, truncation)).toBe(3);
    expect(windows.map(({ from, to }) => [...from].map((start, row) => [start, to[row]]))).toEqual([
      [
        [0, 3],
        [0, 3],
        [0, 0],
      ],
      [
        [3, 6],
        [3, 3],
        [0, 0],
      ],
      [
        [4, 7],
        [3, 3],
        [0, 0],
      ],
    ]);
    expect(windows.map(({ fresh, time }) => [fresh, time])).toEqual([
      [0, 3],
      [3, 3],
      [6, 3],
    ]);
  });

  test('the state before step 5 is handed over by the window that computes it first', () => {
    const lengths = Int32Array.of(7, 3);
    expect(handovers(0, lengths, { every: 3, window: 3 })).toEqual([{ window: 1, row: 0, after: 3 }]);
    expect(handovers(1, lengths, { every: 3, window: 3 })).toEqual([{ window: 2, row: 0, after: 1 }]);
    expect(handovers(0, Int32Array.of(12), { every: 3, window: 7 })).toEqual([{ window: 2, row: 0, after: 2 }]);
  });
});

describe('for all lengths and truncations', () => {
  test('every true step is new in exactly one window, and windows reach back as far as they should', () => {
    fc.assert(
      fc.property(lengthLists, truncations, (lengths, truncation) => {
        const seen = Array.from(lengths, (length) => new Array<number>(length).fill(0));
        for (let index = 0; index < countWindows(lengths, truncation); index++) {
          const { fresh, from, to, time } = windowAt(index, lengths, truncation);
          expect(fresh).toBe(index * truncation.every);
          expect(time).toBe(Math.max(...to.map((end, row) => end - (from[row] as number))));
          for (const [row, length] of lengths.entries()) {
            // An update time u of this sequence: a multiple of `every`, or its true end.
            const u = Math.min(length, fresh + truncation.every);
            if (u <= fresh) expect(to[row]).toBe(from[row]);
            else expect([from[row], to[row]]).toEqual([Math.max(0, u - truncation.window), u]);
            for (let step = fresh; step < u; step++) (seen[row] as number[])[step] = 1 + (seen[row]?.[step] as number);
          }
        }
        expect(seen.flat().every((count) => count === 1)).toBe(true);
      }),
    );
  });

  test('a sequence has its windows whatever its neighbours are', () => {
    fc.assert(
      fc.property(lengthLists, truncations, (lengths, truncation) => {
        for (const [row, length] of lengths.entries()) {
          const alone = Int32Array.of(length);
          const count = countWindows(alone, truncation);
          expect(lastWindow(length, truncation)).toBe(count - 1);
          for (let index = 0; index < count; index++) {
            const [own, shared] = [windowAt(index, alone, truncation), windowAt(index, lengths, truncation)];
            expect([shared.from[row], shared.to[row]]).toEqual([own.from[0], own.to[0]]);
            const handed = handovers(index, lengths, truncation).filter((one) => one.row === row);
            expect(handed).toEqual(handovers(index, alone, truncation).map((one) => ({ ...one, row })));
          }
        }
      }),
    );
  });

  test('the start of each window is step 0 or handed over once, by the window where that step was new', () => {
    fc.assert(
      fc.property(lengthLists, truncations, (lengths, truncation) => {
        const count = countWindows(lengths, truncation);
        const given = new Map<string, number>();
        for (let index = 0; index < count; index++) {
          const window = windowAt(index, lengths, truncation);
          for (const { window: later, row, after } of handovers(index, lengths, truncation)) {
            expect(given.has(`${later} ${row}`)).toBe(false);
            const step = (window.from[row] as number) + after;
            given.set(`${later} ${row}`, step);
            expect(Math.ceil(step / truncation.every) - 1).toBe(index);
          }
        }
        for (let index = 0; index < count; index++) {
          const { from, to } = windowAt(index, lengths, truncation);
          for (const [row, start] of from.entries())
            if ((to[row] as number) > start) expect(given.get(`${index} ${row}`)).toBe(start > 0 ? start : undefined);
            else expect(given.has(`${index} ${row}`)).toBe(false);
        }
      }),
    );
  });
});
