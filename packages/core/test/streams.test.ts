// Joining and picking streams: rows keep their values and their age, nothing is shared, and what does not fit is refused.
import { expect, it } from 'vitest';
import type { StreamState } from '../src/index.ts';
import { joinStreams, takeStreams } from '../src/index.ts';

const streams = (steps: readonly number[], h: readonly number[], name = 'layers.0.h'): StreamState => ({
  steps: Int32Array.from(steps),
  values: { [name]: { shape: [steps.length, 2], data: Float64Array.from(h) } },
});

it('picks rows in any order, also twice or none', () => {
  const three = streams([5, 0, 7], [1, 2, 3, 4, 5, 6]);
  expect(takeStreams(three, [2, 0, 2])).toEqual(streams([7, 5, 7], [5, 6, 1, 2, 5, 6]));
  expect(takeStreams(three, [])).toEqual(streams([], []));
});

it('joins streams of different ages', () => {
  const parts = [streams([5], [1, 2]), streams([], []), streams([0, 7], [3, 4, 5, 6])];
  expect(joinStreams(parts)).toEqual(streams([5, 0, 7], [1, 2, 3, 4, 5, 6]));
});

it('shares nothing with what it is given', () => {
  const one = streams([1], [1, 2]);
  for (const copy of [takeStreams(one, [0]), joinStreams([one])]) {
    copy.steps.fill(9);
    copy.values['layers.0.h']?.data.fill(9);
  }
  expect(one).toEqual(streams([1], [1, 2]));
});

it('refuses rows that are not there, and streams of different networks', () => {
  const one = streams([1], [1, 2]);
  const wide: StreamState = { ...one, values: { 'layers.0.h': { shape: [1, 3], data: new Float64Array(3) } } };
  const cases: [() => StreamState, string][] = [
    [() => takeStreams(one, [1]), 'There is no stream 1: the state has 1, from 0.'],
    [() => joinStreams([]), 'There are no streams to join'],
    [() => joinStreams([one, streams([1], [1, 2], 'layers.0.c')]), 'one has no such state'],
    [() => joinStreams([one, wide]), 'one has it of shape [1, 3], not [1, 2]'],
  ];
  for (const [run, message] of cases) {
    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ code: 'STATE_INVALID' }));
  }
});
