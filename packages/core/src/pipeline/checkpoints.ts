// Checkpoints of a run: which store, when one is due, and whether the one found belongs to this run.
import type { Snapshot } from '../contracts/executable.ts';
import { isUnrolledError, UnrolledError } from '../errors.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type RunIdentity } from '../model/checkpoint.ts';
import type { CheckpointStore } from '../model/checkpoint-store.ts';
import { differences } from '../model/differences.ts';
import type { Json } from '../options.ts';
import type { CheckedSettings, CheckpointSettings } from './settings.ts';
import type { TrainingState } from './training-state.ts';

/** Writes checkpoints of one run. */
export interface CheckpointWriter {
  /** Name of the store, for messages. */
  readonly name: string;
  /** Whether the store holds one. */
  readonly exists: () => boolean;
  /** Whether one is due. @param epochEnded - whether this step was the last of an epoch. */
  readonly due: (state: TrainingState, updated: boolean, epochEnded: boolean) => boolean;
  /** Writes one, unless this very state is the last written. @throws UnrolledError `CHECKPOINT_WRITE_FAILED` */
  readonly write: (state: TrainingState, snapshot: Required<Snapshot>) => Promise<void>;
}

/**
 * The checkpoint to go on from, where there is one, and the store that it came from.
 * @throws UnrolledError `CHECKPOINT_NOT_FOUND`, `CHECKPOINT_CORRUPT`, `CHECKPOINT_INCOMPLETE`, `CHECKPOINT_NEWER`
 */
export async function findCheckpoint({ resume, checkpoint }: CheckedSettings): Promise<Checkpoint | undefined> {
  if (resume === undefined || resume === false) return undefined;
  const store = await openStore(resume === true ? (checkpoint as CheckpointSettings).to : resume);
  const files = await store.read();
  if (files) return decodeCheckpoint(files);
  if (resume === true) return undefined;
  throw new UnrolledError('CHECKPOINT_NOT_FOUND', `There is no checkpoint in ${store.name}.`, {
    mend: 'Give the folder that checkpoint.to named, or leave resume out to start afresh.',
  });
}

/** The store itself, or a folder as one. @throws UnrolledError `NOT_IN_BROWSER` */
async function openStore(to: CheckpointStore | string): Promise<CheckpointStore> {
  if (typeof to !== 'string') return to;
  const { folderCheckpoints } = await import('../node/checkpoint-folder.ts');
  return folderCheckpoints(to);
}

/**
 * Checks that what is known of this run is the same in its checkpoint. Only `epochs`, threads and memory may differ.
 * @throws UnrolledError `CHECKPOINT_MISMATCH`, which lists what differs
 */
export function checkIdentity(before: RunIdentity, now: Partial<RunIdentity>): void {
  const known = Object.fromEntries(Object.keys(now).map((key) => [key, before[key as keyof RunIdentity]]));
  const found = differences(comparable(known), comparable(now));
  if (found.length === 0) return;
  const shown = found.slice(0, 5).join('; ');
  const more = found.length > 5 ? `; and ${found.length - 5} more` : '';
  throw new UnrolledError('CHECKPOINT_MISMATCH', `The checkpoint is of another run: ${shown}${more}.`, {
    mend: 'Give the data, manifest and settings of the first run, or leave resume out to start afresh.',
    data: { differences: found },
  });
}

function comparable(identity: Partial<RunIdentity>): Json {
  const { settings, manifest, ...rest } = JSON.parse(JSON.stringify(identity));
  if (settings) delete settings.epochs;
  if (manifest) {
    delete manifest.backend.threads;
    delete manifest.backend.memory;
  }
  return { ...rest, settings, manifest };
}

/** A writer to the store that the settings name, if any. @param found - whether the run goes on from a checkpoint. */
export async function createCheckpointWriter(
  settings: CheckedSettings,
  identity: RunIdentity,
  vocabulary: unknown,
  found: boolean,
): Promise<CheckpointWriter | undefined> {
  if (!settings.checkpoint) return undefined;
  const { every = { epochs: 1 }, to } = settings.checkpoint;
  const store = await openStore(to);
  let exists = found;
  let written = '';
  return {
    name: store.name,
    exists: () => exists,
    due: (state, updated, epochEnded) =>
      'updates' in every
        ? updated && state.updates % every.updates === 0
        : epochEnded && state.epoch % every.epochs === 0,
    write: async (state, snapshot) => {
      const position = `${state.epoch} ${state.batch} ${state.cursor?.window ?? 0}`;
      if (position === written) return;
      await writeTo(store, encodeCheckpoint({ identity, vocabulary, state, snapshot }), exists);
      written = position;
      exists = true;
    },
  };
}

async function writeTo(store: CheckpointStore, files: Map<string, Uint8Array>, exists: boolean): Promise<void> {
  try {
    await store.write(files);
  } catch (cause) {
    if (isUnrolledError(cause)) throw cause;
    const kept = exists ? 'The one before it was kept, and the' : 'The';
    throw new UnrolledError(
      'CHECKPOINT_WRITE_FAILED',
      `A checkpoint could not be written to ${store.name}: ${String(cause)}.`,
      {
        mend: `${kept} pipeline has the weights so far: save them elsewhere, make room, then resume.`,
        cause,
      },
    );
  }
}
