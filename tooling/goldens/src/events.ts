// Records of event files, by TensorBoard's own writer.
import file from '../data/events.json' with { type: 'json' };

/** One record. */
export interface EventCase {
  /** `version` and `start…` say which event; any other holds scalars. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly step: number;
  /** By tag. */
  readonly values: Readonly<Record<string, number>>;
  /** Its bytes in a file. */
  readonly record: Uint8Array;
}

/** The events that begin a file and a session, and scalars. */
export function eventCases(): readonly EventCase[] {
  return (file.cases as readonly StoredEvent[]).map(({ record, ...golden }) => ({
    ...golden,
    record: Uint8Array.from(atob(record), (character) => character.charCodeAt(0)),
  }));
}

interface StoredEvent extends Omit<EventCase, 'record'> {
  readonly record: string;
}
