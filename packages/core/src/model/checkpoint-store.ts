// Where checkpoints are kept: one at a time is current, and it stays until the next one is complete.

/** Keeps the current checkpoint. */
export interface CheckpointStore {
  /** For messages: the folder's path, or what it is. */
  readonly name: string;
  /** Makes `files` the current checkpoint, whole or not at all; on failure the one before stays. */
  readonly write: (files: ReadonlyMap<string, Uint8Array>) => Promise<void>;
  /** The current checkpoint, or undefined where there is none yet. */
  readonly read: () => Promise<ReadonlyMap<string, Uint8Array> | undefined>;
}

/** A store in memory, for pages and for runs that are stopped and taken up in one process. */
export function memoryCheckpoints(): CheckpointStore {
  let current: ReadonlyMap<string, Uint8Array> | undefined;
  return {
    name: 'checkpoints in memory',
    write: async (files) => {
      current = new Map([...files].map(([path, bytes]) => [path, bytes.slice()]));
    },
    read: async () => current,
  };
}
