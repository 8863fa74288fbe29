// Events as TensorBoard reads them: what happened at a step, as a message of Protocol Buffers.
// Source: TensorFlow, core/util/event.proto and core/framework/summary.proto.
import { PbfWriter } from 'pbf';

/** What every event has. */
interface Moment {
  /** Seconds since 1970. */
  readonly time: number;
  /** On the axis of steps. */
  readonly step: number;
}

/** Scalars at a step. */
export interface Scalars extends Moment {
  /** By tag; stored in float32. */
  readonly values: Readonly<Record<string, number>>;
}

/** The version of the format, which the first event of a file names. */
const VERSION = 'brain.Event:2';
/** `SessionLog.SessionStatus.START`. */
const START = 1;

/** The first event of a file. */
export function versionEvent(time: number): Uint8Array {
  return event({ time, step: 0 }, (writer) => writer.writeStringField(3, VERSION));
}

/** A session begins: what earlier files hold from this step on is shown no more, since it is computed anew. */
export function startEvent(moment: Moment): Uint8Array {
  return event(moment, (writer) =>
    writer.writeMessage(7, (_, log: PbfWriter) => log.writeVarintField(1, START), undefined),
  );
}

/** Scalars. */
export function scalarsEvent({ values, ...moment }: Scalars): Uint8Array {
  return event(moment, (writer) => writer.writeMessage(5, writeSummary, values));
}

function event({ time, step }: Moment, write: (writer: PbfWriter) => void): Uint8Array {
  const writer = new PbfWriter();
  writer.writeDoubleField(1, time);
  if (step !== 0) writer.writeVarintField(2, step);
  write(writer);
  return writer.finish();
}

function writeSummary(values: Readonly<Record<string, number>>, summary: PbfWriter): void {
  for (const entry of Object.entries(values)) summary.writeMessage(1, writeValue, entry);
}

function writeValue([tag, value]: readonly [string, number], writer: PbfWriter): void {
  writer.writeStringField(1, tag);
  writer.writeFloatField(2, value);
}
