// One event file: begun in a folder, grown record by record, on the disk after a second at the latest.
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { UnrolledError } from '@unrolled/core';
import { makeFolder } from '@unrolled/core/node';
import { versionEvent } from './event.ts';
import { record } from './records.ts';

/** Milliseconds for which records may wait in memory. */
const PATIENCE = 1000;

/** A file that TensorBoard may read while it grows. */
export class EventFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #waiting: Uint8Array[] = [];
  #written = performance.now();

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** Begins a new file in `folder`, which is made where it is missing. @throws UnrolledError `EVENTS_WRITE_FAILED` */
  static async create(folder: string): Promise<EventFile> {
    const path = join(folder, fileName());
    const file = await writing(path, async () => {
      await makeFolder(folder);
      return new EventFile(path, await open(path, 'wx'));
    });
    file.add(versionEvent(Date.now() / 1000));
    await file.flush();
    return file;
  }

  /** Adds an event. */
  add(event: Uint8Array): void {
    this.#waiting.push(record(event));
  }

  /** Writes what waits if it has waited long enough. @throws UnrolledError `EVENTS_WRITE_FAILED` */
  async settle(): Promise<void> {
    if (performance.now() - this.#written >= PATIENCE) await this.flush();
  }

  /** Writes what waits. @throws UnrolledError `EVENTS_WRITE_FAILED` */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#written = performance.now();
    if (bytes.length > 0) await writing(this.#path, () => this.#handle.appendFile(bytes));
  }

  /** Writes what waits and ends the file. @throws UnrolledError `EVENTS_WRITE_FAILED` */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#handle.close();
    }
  }
}

/** Found by `tfevents`; later files sort behind earlier ones, since they are read in that order. */
function fileName(): string {
  const microseconds = Math.floor((performance.timeOrigin + performance.now()) * 1000);
  return `events.out.tfevents.${microseconds}.${process.pid}`;
}

/** Does `write`. @throws UnrolledError `EVENTS_WRITE_FAILED` in place of the system's error */
async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw new UnrolledError('EVENTS_WRITE_FAILED', `The event file ${path} can't be written: ${messageOf(cause)}.`, {
      mend: 'Name a folder that can be written to, on a disk with room.',
      data: { path },
      cause,
    });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
