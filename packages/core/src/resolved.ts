// A manifest with every name looked up and every option filled in: what the registry hands to the pipeline.
import type { CompileSettings } from './contracts/executable.ts';
import type { ClipDescription, Direction, LayerDropout } from './contracts/network.ts';
import type {
  Attention,
  Backend,
  Cell,
  Learns,
  Loss,
  Optimizer,
  Plugin,
  Task,
  Tokenizer,
  Trainer,
  Vectorizer,
} from './contracts/plugins.ts';
import type { Json } from './options.ts';

/** A plug-in with its options filled in. */
export interface Chosen<P extends Plugin> {
  /** The plug-in. */
  readonly plugin: P;
  /** All its options. */
  readonly options: Readonly<Record<string, Json>>;
}

/** One layer. */
export interface ChosenLayer extends Chosen<Cell> {
  /** Which way it runs. */
  readonly direction: Direction;
  /** Dropout around it. */
  readonly dropout: LayerDropout;
  /** Whether its input is added to its output. */
  readonly residual: boolean;
}

/** A manifest as plain data, as a model folder keeps it. */
export interface ManifestData {
  readonly [slot: string]: Json;
}

/** Every piece of a pipeline, ready to use. */
export interface ResolvedPipeline {
  /** The manifest as it was given (defaults not filled in). */
  readonly manifest: ManifestData;
  /** Absent where the vectorizer reads numbers. */
  readonly tokenizer: Chosen<Tokenizer> | undefined;
  /** Encodes examples. */
  readonly vectorizer: Chosen<Vectorizer>;
  /** Stored label → shown label, in the order of class numbers; undefined where labels are learned (and sorted). */
  readonly labels: readonly { readonly stored: string; readonly shown: string }[] | undefined;
  /** Text → tokens of what is to be generated; undefined for tasks that generate nothing else than they read. */
  readonly targetTokenizer: Chosen<Tokenizer> | undefined;
  /** Encodes what is to be generated; undefined for tasks that generate nothing else than they read. */
  readonly targetVectorizer: Chosen<Vectorizer> | undefined;
  /** What the task learns of an example. */
  readonly learns: Learns;
  /** Recurrent layers; those of the decoder where there is an encoder. */
  readonly layers: readonly ChosenLayer[];
  /** Recurrent layers of the encoder; undefined where there is none. */
  readonly encoder: readonly ChosenLayer[] | undefined;
  /** How the decoder attends to the encoder's memory; undefined where it does not. */
  readonly attention: Chosen<Attention> | undefined;
  /** Output layer and which steps count. */
  readonly task: Chosen<Task>;
  /** Undefined where it follows from the targets. */
  readonly loss: Chosen<Loss> | undefined;
  /** All losses that are registered, to choose from where none is named. */
  readonly losses: readonly Loss[];
  /** Undefined in a registry that only predicts. */
  readonly optimizer: (Chosen<Optimizer> & { readonly clip: ClipDescription }) | undefined;
  /** Undefined in a registry that only predicts. */
  readonly trainer: Chosen<Trainer> | undefined;
  /** Does the arithmetic; `settings` are what the manifest asks of any backend, such as the precision. */
  readonly backend: Chosen<Backend> & { readonly settings: CompileSettings };
}
