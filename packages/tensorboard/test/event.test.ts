// Records are, byte for byte, those that TensorBoard's own messages and record writer give.
import { eventCases } from '@unrolled/goldens';
import { expect, test } from 'vitest';
import { scalarsEvent, startEvent, versionEvent } from '../src/event.ts';
import { record } from '../src/records.ts';

test.each(eventCases())('$name', ({ name, record: expected, ...event }) => {
  expect(record(encode(name, event))).toEqual(expected);
});

function encode(name: string, event: { time: number; step: number; values: Readonly<Record<string, number>> }) {
  if (name === 'version') return versionEvent(event.time);
  return name.startsWith('start') ? startEvent(event) : scalarsEvent(event);
}
