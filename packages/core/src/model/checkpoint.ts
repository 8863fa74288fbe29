// Checkpoints as files: everything that is needed to go on with a run as if it had never been interrupted.

import type { Snapshot, State, Tensor, Tensors } from '../contracts/executable.ts';
import type { NetworkDescription } from '../contracts/network.ts';
import { CONTRACT, type TrainerCursor } from '../contracts/plugins.ts';
import { isUnrolledError } from '../errors.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../files/safetensors.ts';
import type { Json } from '../options.ts';
import type { TrainingState } from '../pipeline/training-state.ts';
import type { ManifestData } from '../resolved.ts';
import { corrupt, decodeJson, encodeJson, type Files, fileOf, openFiles, type SetKind, sealFiles } from './file-set.ts';

/** What a run is, apart from where it stands: a checkpoint goes on only with the same. */
export interface RunIdentity {
  /** The manifest as it was given. */
  readonly manifest: ManifestData;
  /** The run's settings. */
  readonly settings: Readonly<Record<string, Json>>;
  /** Hash of the examples. */
  readonly dataHash: string;
  /** Hash of validation examples of their own. */
  readonly validationHash: string | null;
  /** Equations and sizes. */
  readonly network: NetworkDescription;
}

/** A run and where it stands. */
export interface Checkpoint {
  /** What it is. */
  readonly identity: RunIdentity;
  /** The encoder as plain data. */
  readonly vocabulary: unknown;
  /** Where it stands. */
  readonly state: TrainingState;
  /** Weights, optimizer state and accumulated gradients. */
  readonly snapshot: Required<Snapshot>;
}

const kind: SetKind = {
  noun: 'checkpoint',
  head: 'checkpoint.json',
  format: 'unrolled-checkpoint',
  version: 1,
  code: 'CHECKPOINT',
};
const tensorsFile = 'tensors.safetensors';
const vocabularyFile = 'vocabulary.json';

/** The checkpoint as files. */
export function encodeCheckpoint({ identity, vocabulary, state, snapshot }: Checkpoint): Map<string, Uint8Array> {
  const { best, cursor, ...plain } = state;
  const tensors: [string, Tensor][] = [
    ...named('parameters', snapshot.parameters),
    ...named('optimizer', snapshot.optimizer),
    ...named('accumulated', snapshot.accumulated),
    ...named('best', best ?? {}),
    ...Object.entries(cursor?.states ?? {}).flatMap(([key, values]) => named(`states/${key}`, values)),
    ...(cursor?.outputs ?? []).map((output, index): [string, Tensor] => [`outputs/${index}`, output]),
  ];
  const head = {
    contract: CONTRACT,
    ...identity,
    optimizerUpdates: snapshot.updates,
    state: {
      ...plain,
      hasBest: best !== undefined,
      cursor: cursor ? { window: cursor.window, loss: cursor.loss, states: namesOf(cursor) } : null,
    },
  };
  const files = new Map([
    [tensorsFile, encodeSafetensors(tensors)],
    [vocabularyFile, encodeJson(vocabulary)],
  ]);
  return sealFiles(kind, head, files);
}

/** Reads a checkpoint. @throws UnrolledError `CHECKPOINT_CORRUPT`, `CHECKPOINT_INCOMPLETE`, `CHECKPOINT_NEWER` */
export function decodeCheckpoint(files: Files): Checkpoint {
  const head = openFiles(kind, files) as unknown as StoredHead;
  const tensors = readTensors(fileOf(kind, files, tensorsFile));
  const vocabulary = decodeJson(kind, vocabularyFile, fileOf(kind, files, vocabularyFile));
  const { manifest, settings, dataHash, validationHash, network } = head;
  const { hasBest, cursor, ...plain } = head.state;
  const under = (prefix: string) => tensorsUnder(tensors, prefix);
  const states = (names: readonly string[]) =>
    Object.fromEntries(names.map((key): [string, State] => [key, under(`states/${key}`)]));
  const outputs = Object.entries(under('outputs'))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, output]) => output);
  return {
    identity: { manifest, settings, dataHash, validationHash, network },
    vocabulary,
    state: {
      ...plain,
      best: hasBest ? under('best') : undefined,
      cursor: cursor ? { window: cursor.window, loss: cursor.loss, states: states(cursor.states), outputs } : undefined,
    },
    snapshot: {
      parameters: under('parameters'),
      optimizer: under('optimizer'),
      accumulated: under('accumulated'),
      updates: head.optimizerUpdates,
    },
  };
}

interface StoredHead extends RunIdentity {
  readonly optimizerUpdates: number;
  readonly state: StoredState;
}

type StoredState = Omit<TrainingState, 'best' | 'cursor'> & {
  readonly hasBest: boolean;
  readonly cursor: (Pick<TrainerCursor, 'window' | 'loss'> & { readonly states: readonly string[] }) | null;
};

function namesOf({ states }: TrainerCursor): string[] {
  return Object.keys(states);
}

function named(prefix: string, tensors: Tensors): [string, Tensor][] {
  return Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]);
}

function tensorsUnder(tensors: ReadonlyMap<string, StoredTensor>, prefix: string): Record<string, Tensor> {
  const found = [...tensors].filter(([name]) => name.startsWith(`${prefix}/`));
  return Object.fromEntries(found.map(([name, tensor]) => [name.slice(prefix.length + 1), tensor as Tensor]));
}

function readTensors(bytes: Uint8Array): ReadonlyMap<string, StoredTensor> {
  try {
    return decodeSafetensors(bytes).tensors;
  } catch (cause) {
    if (!isUnrolledError(cause)) throw cause;
    throw corrupt(kind, tensorsFile, cause.message, cause);
  }
}
