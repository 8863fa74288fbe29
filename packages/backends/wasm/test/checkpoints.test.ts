// The schedule of kept states runs no more segments forward than the best one does.
import { expect, test } from 'vitest';
import { forwardRuns, nextCheckpoint } from '../src/checkpoints.ts';

/** By trying every place for the next state. */
const known = new Map<string, number>();
function fewestRuns(segments: number, slots: number): number {
  if (segments <= 1) return 0;
  if (slots === 0) return (segments * (segments - 1)) / 2;
  const key = `${segments} ${slots}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at < segments; at++)
    least = Math.min(least, at + fewestRuns(segments - at, slots - 1) + fewestRuns(at, slots));
  known.set(key, least);
  return least;
}

/** As segments are gone through. */
function countedRuns(segments: number, slots: number): number {
  if (segments <= 1) return 0;
  if (slots === 0) return (segments * (segments - 1)) / 2;
  const at = nextCheckpoint(segments, slots);
  return at + countedRuns(segments - at, slots - 1) + countedRuns(at, slots);
}

test('the number of runs is the least there is', () => {
  for (let segments = 1; segments <= 60; segments++)
    for (let slots = 0; slots <= 12; slots++)
      expect(forwardRuns(segments, slots), `${segments}, ${slots}`).toBe(fewestRuns(segments, slots));
});

test('going through the segments takes as many', () => {
  for (const segments of [1, 2, 3, 7, 20, 61, 200])
    for (const slots of [0, 1, 2, 5, 30, 300])
      expect(countedRuns(segments, slots), `${segments}, ${slots}`).toBe(forwardRuns(segments, slots));
});

test('with room for every state no segment runs forward twice before its turn', () => {
  expect(forwardRuns(63, 62)).toBe(62);
  expect(nextCheckpoint(63, 62)).toBe(1);
});
