// Truncated backpropagation through time, by PyTorch with detached states.
import file from '../data/truncation.json' with { type: 'json' };
import { type GoldenBatch, readBatch, type StoredBatch } from './batch.ts';
import type { GoldenNetwork } from './network.ts';
import { type GoldenTensors, readTensors, type StoredTensor } from './tensors.ts';

/** One window: the steps of each sequence that it runs over. */
export interface GoldenWindow {
  /** Steps before the window of each sequence: its state after that many steps is where the window starts; −1 if the sequence has ended. */
  readonly starts: readonly number[];
  /** Steps up to the window's end; −1 if the sequence has ended. Losses count for the steps that no window had before. */
  readonly ends: readonly number[];
  /** Sum of weight × loss of the new steps; null where there is none (and so no update). */
  readonly loss: number | null;
}

/** One way of cutting the sequences. */
export interface TruncationRun {
  /** k1. */
  readonly every: number;
  /** k2. */
  readonly window: number;
  /** `sequence`: weights stay as they are and gradients add up. `window`: each window with a loss takes an SGD step. */
  readonly update: 'sequence' | 'window';
  /** Of the SGD steps, for `window`. */
  readonly learningRate?: number;
  /** In order. */
  readonly windows: readonly GoldenWindow[];
  /** Sum of the windows' gradients, for `sequence`. */
  readonly gradient?: GoldenTensors;
  /** Weights after the last window, for `window`. */
  readonly finalParameters?: GoldenTensors;
}

/** One network and batch, whole and cut in several ways. Weights hold the division by all true target steps of the batch. */
export interface TruncationCase {
  readonly name: string;
  readonly network: GoldenNetwork;
  readonly batch: GoldenBatch;
  readonly parameters: GoldenTensors;
  readonly initialState: GoldenTensors;
  /** Of the whole sequences. */
  readonly loss: number;
  /** Of the whole sequences: full backpropagation through time. */
  readonly gradient: GoldenTensors;
  readonly runs: readonly TruncationRun[];
}

type Stored = Readonly<Record<string, StoredTensor>>;

/** A case as it stands in the file. */
interface StoredCase extends StoredBatch {
  readonly name: string;
  readonly network: GoldenNetwork;
  readonly parameters: Stored;
  readonly initialState: Stored;
  readonly loss: number;
  readonly gradient: Stored;
  readonly runs: readonly (Omit<TruncationRun, 'gradient' | 'finalParameters'> & {
    readonly gradient?: Stored;
    readonly finalParameters?: Stored;
  })[];
}

/** Chunked (`window` = `every`), sliding and whole windows over ragged sequences, some shorter than a window, one empty. */
export function truncationCases(): readonly TruncationCase[] {
  return (file.cases as unknown as readonly StoredCase[]).map((stored) => ({
    name: stored.name,
    network: stored.network,
    batch: readBatch(stored),
    parameters: readTensors(stored.parameters),
    initialState: readTensors(stored.initialState),
    loss: stored.loss,
    gradient: readTensors(stored.gradient),
    runs: stored.runs.map(({ gradient, finalParameters, ...run }) => ({
      ...run,
      ...(gradient && { gradient: readTensors(gradient) }),
      ...(finalParameters && { finalParameters: readTensors(finalParameters) }),
    })),
  }));
}
