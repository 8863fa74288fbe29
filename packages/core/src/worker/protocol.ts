// What caller and worker ask of each other: the methods of both sides. Arguments and answers cross as structured clones.
import type { Batch, Tensors } from '../contracts/executable.ts';
import type { NetworkDescription } from '../contracts/network.ts';
import type { Learns } from '../contracts/plugins.ts';
import type { Files } from '../model/file-set.ts';
import type { Evaluations } from '../pipeline/metrics/evaluation.ts';
import type { History, Progress, StopReason } from '../pipeline/progress.ts';
import type { CheckedSettings, CheckpointSettings } from '../pipeline/settings.ts';
import type {
  AnswerTypes,
  DecodeSettings,
  EvaluateSettings,
  FileSettings,
  GeneratedText,
  GeneratedToken,
  GenerateSettings,
  InferenceSettings,
  LoadSettings,
  ModelInfo,
  ModelInput,
  ModelStream,
  StreamedPrediction,
  StreamPiece,
} from '../pipeline/types.ts';
import type { SentError } from './errors.ts';

/** A number that the caller chose for something that lives in the worker, or that the caller offers to it. */
export type Id = number;

/** An answer, whatever the task. */
export type Answer = AnswerTypes[Learns];

/** Something iterable on the caller's side that the worker may read in chunks, or a value that is none, as it was given. */
export type SentSource = { readonly source: Id } | { readonly value: unknown };

/** A checkpoint store on the caller's side. */
export interface SentStore {
  /** What the worker calls it by. */
  readonly store: Id;
  /** For messages. */
  readonly name: string;
}

/** Checked settings of a run without what can't cross. */
export type SentSettings = Omit<CheckedSettings, 'signal' | 'validation' | 'checkpoint' | 'resume'> & {
  /** A share, or examples. */
  readonly validation: number | SentSource | undefined;
  /** As given, with the store that it names. */
  readonly checkpoint: (Omit<CheckpointSettings, 'to'> & { readonly to: SentStore | string }) | undefined;
  /** As given, with the store that it names. */
  readonly resume: boolean | string | SentStore | undefined;
};

/** How a run ended, with the reports that nobody has asked for yet. */
export interface RunEnd {
  /** Where it ended well. */
  readonly history?: History;
  /** Where it failed. */
  readonly error?: SentError;
  /** What the pipeline holds now. */
  readonly info: ModelInfo | undefined;
  /** The last reports. */
  readonly rest: readonly Progress[];
}

/** A model laid open, without its function. */
export interface SentAnatomy {
  /** See `Anatomy`. */
  readonly network: NetworkDescription;
  /** See `Anatomy`. */
  readonly parameters: Tensors;
}

/** What the worker does for the caller. A type, not an interface, so that it is a record of methods. */
export type WorkerMethods = {
  /** Says `hello` again, to a caller that listens only now. */
  readonly knock: () => void;
  /** Takes the registry that the module at `registry` exports by default, or the worker's own. */
  readonly open: (registry: string | undefined) => Promise<void>;
  readonly pipeline: (id: Id, manifest: unknown) => void;
  readonly load: (id: Id, source: Files | string, settings: LoadSettings | undefined) => Promise<ModelInfo>;
  readonly fit: (id: Id, run: Id, data: SentSource, settings: SentSettings, aborted: boolean) => Promise<RunEnd>;
  /** The next report; waits for one. Undefined: the run is over. */
  readonly report: (run: Id) => Promise<Progress | undefined>;
  readonly stop: (run: Id, reason: StopReason) => void;
  readonly predict: (
    id: Id,
    inputs: ModelInput | readonly ModelInput[],
    settings: InferenceSettings & DecodeSettings,
  ) => Promise<Answer | readonly Answer[]>;
  readonly step: (
    id: Id,
    piece: StreamPiece,
    before: ModelStream | undefined,
  ) => Promise<StreamedPrediction<string, Learns>>;
  readonly openStream: (id: Id, stream: Id, inputs: SentSource, settings: InferenceSettings & DecodeSettings) => void;
  /** The next predictions; undefined at the end. */
  readonly readStream: (stream: Id) => Promise<readonly Answer[] | undefined>;
  readonly leaveStream: (stream: Id) => Promise<void>;
  readonly generate: (id: Id, text: Id, prompt: StreamPiece | undefined, settings: GenerateSettings) => void;
  /** The next token; the whole text at the end. */
  readonly readToken: (text: Id) => Promise<{ readonly token: GeneratedToken } | { readonly text: GeneratedText }>;
  /** Stops; `readToken` gives what there is. */
  readonly stopText: (text: Id) => void;
  readonly evaluate: (id: Id, data: SentSource, settings: EvaluateSettings) => Promise<Evaluations[Learns]>;
  readonly toFiles: (id: Id, settings: FileSettings) => Promise<Map<string, Uint8Array>>;
  readonly save: (id: Id, path: string, settings: FileSettings) => Promise<void>;
  /** Lays a model open; `batch` calls what it gave `anatomy`. */
  readonly anatomy: (id: Id, anatomy: Id) => Promise<SentAnatomy>;
  readonly batch: (anatomy: Id, input: ModelInput, target: string | number | undefined) => Promise<Batch>;
  readonly dispose: (id: Id) => void;
};

/** What the caller does for the worker. */
export type CallerMethods = {
  /** The worker listens. @param lock - a lock (navigator.locks) that it holds as long as it lives, where there are locks. */
  readonly hello: (lock: string | undefined) => void;
  /** A run has made its first step: what its pipeline holds from now on. */
  readonly begun: (run: Id, info: ModelInfo) => void;
  /** The next items; undefined at the end. */
  readonly readSource: (source: Id) => Promise<readonly unknown[] | undefined>;
  readonly leaveSource: (source: Id) => Promise<void>;
  readonly readStore: (store: Id) => Promise<Files | undefined>;
  readonly writeStore: (store: Id, files: Files) => Promise<void>;
};
