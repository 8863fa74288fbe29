// Reads event files back, written apart from the code that writes them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PbfReader } from 'pbf';

/** One event of a file. */
export interface ReadEvent {
  time: number;
  step: number;
  version: string;
  status: number;
  readonly values: Record<string, number>;
}

/** Event files of a folder, the earliest first. */
export function eventFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('events.out.tfevents.'))
    .sort();
}

/** The events of every file of a folder; a record that is cut off is an error. */
export function readEvents(folder: string): readonly ReadEvent[] {
  return eventFiles(folder).flatMap((name) => [...eventsOf(readFileSync(join(folder, name)))]);
}

/** `[step, value]` of a tag, in the order of the file. */
export function pointsOf(events: readonly ReadEvent[], tag: string): readonly (readonly [number, number])[] {
  return events.flatMap(({ step, values }) => (tag in values ? [[step, values[tag] as number] as const] : []));
}

function* eventsOf(bytes: Buffer): Generator<ReadEvent> {
  let at = 0;
  while (at < bytes.length) {
    const length = Number(bytes.readBigUInt64LE(at));
    if (at + 16 + length > bytes.length) throw new Error(`A record of ${length} bytes is cut off at byte ${at}.`);
    yield readEvent(bytes.subarray(at + 12, at + 12 + length));
    at += 16 + length;
  }
}

function readEvent(bytes: Uint8Array): ReadEvent {
  const event: ReadEvent = { time: 0, step: 0, version: '', status: 0, values: {} };
  return new PbfReader(bytes).readFields((field, into: ReadEvent, reader) => {
    if (field === 1) into.time = reader.readDouble();
    if (field === 2) into.step = reader.readVarint();
    if (field === 3) into.version = reader.readString();
    if (field === 5) reader.readMessage(readSummary, into.values);
    if (field === 7) reader.readMessage(readStatus, into);
  }, event);
}

function readStatus(field: number, event: ReadEvent, reader: PbfReader): void {
  if (field === 1) event.status = reader.readVarint();
}

function readSummary(field: number, values: Record<string, number>, reader: PbfReader): void {
  if (field !== 1) return;
  const value = reader.readMessage(readValue, { tag: '', number: Number.NaN });
  values[value.tag] = value.number;
}

function readValue(field: number, into: { tag: string; number: number }, reader: PbfReader): void {
  if (field === 1) into.tag = reader.readString();
  if (field === 2) into.number = reader.readFloat();
}
