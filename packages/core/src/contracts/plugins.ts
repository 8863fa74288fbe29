// The contract of every kind of plug-in: a plain value with a kind, a name, an options schema and a factory.
import type { OptionsSchema } from '../options.ts';
import type { Batch, Compile, Executable, State, Tensor } from './executable.ts';
import type { EquationModule, InputDescription } from './network.ts';

/** Version of these contracts; the registry refuses a plug-in of another. */
export const CONTRACT = 1;

/** Kinds of plug-in, one slot of the manifest each (a dataset has none). */
export type Kind =
  | 'tokenizer'
  | 'vectorizer'
  | 'cell'
  | 'attention'
  | 'task'
  | 'loss'
  | 'optimizer'
  | 'trainer'
  | 'backend'
  | 'dataset';

/** What every plug-in carries. `K` its kind, `N` its name, `O` its options. */
export interface PluginBase<K extends Kind, N extends string, O> {
  /** Which slot it fits. */
  readonly kind: K;
  /** The name that a manifest uses: `lstm`. */
  readonly name: N;
  /** The contract it was written against: 1. */
  readonly contract: typeof CONTRACT;
  /** The npm package that holds it, for install lines and for naming both sides of a clash. */
  readonly package: string;
  /** Its options with defaults, as a Standard Schema. */
  readonly options: OptionsSchema<O>;
}

/** A token and where it stands in the original text. */
export interface Token {
  /** The token's text (normalised, e.g. lower-cased). */
  readonly text: string;
  /** First UTF-16 unit in the original text. */
  readonly start: number;
  /** One past its last UTF-16 unit. */
  readonly end: number;
}

/** A tokenizer with its options bound. */
export interface TokenizerInstance {
  /** Splits a text; never throws for any string. */
  readonly tokenize: (text: string) => readonly Token[];
  /**
   * Whether a text that is cut before white space has the tokens of its pieces, one after the other: then it can be read as it
   * comes in. Not so for n-grams, which reach over the cut. Left out: no.
   */
  readonly piecewise?: boolean;
  /** Joins tokens back to text, where it can. */
  readonly detokenize?: (tokens: readonly string[]) => string;
}

/** Text → tokens with their spans in the original text, and back. */
export interface Tokenizer<N extends string = string, O = any> extends PluginBase<'tokenizer', N, O> {
  /** Binds options. */
  readonly create: (options: O) => TokenizerInstance;
}

/** What a vectorizer emits for an example: a sequence, or one sparse bag without order. */
export type Emission = 'steps' | 'bag';

/** What a vectorizer reads: tokens (so a tokenizer stands before it) or numbers. */
export type Reading = 'tokens' | 'numbers';

/** One encoded example. */
export type Encoded =
  /** A number for each step. */
  | { readonly kind: 'ids'; readonly ids: Int32Array; readonly unknown: number; readonly truncated: number }
  /** A vector for each step, `[steps, size]` row-major. */
  | { readonly kind: 'vectors'; readonly values: Float64Array; readonly size: number }
  /** One sparse vector: its columns that have a value, ascending; how many things were counted, and how many of them have no column. */
  | {
      readonly kind: 'bag';
      readonly columns: Int32Array;
      readonly values: Float64Array;
      readonly occurrences: number;
      readonly unknown: number;
    };

/** Encodes examples as fitted; immutable. */
export interface Encoder {
  /**
   * Tokens (or, for numeric vectorizers, rows of numbers) → numbers.
   * @param before - steps of the same sequence that were encoded earlier, so that a limit counts them; 0 where left out.
   */
  readonly encode: (example: readonly string[] | readonly (readonly number[])[], before?: number) => Encoded;
  /** What enters the network. */
  readonly input: InputDescription;
  /**
   * Values that parameters of `input.module` begin with, by their names there, in place of drawn ones: word vectors that were
   * trained before. Absent from a restored encoder, since a saved model has its own weights.
   */
  readonly initial?: Readonly<Record<string, Tensor>>;
  /** The token of a number, where steps are tokens: what generates text needs it. Undefined for padding and for what is unknown. */
  readonly tokenOf?: (id: number) => string | undefined;
  /** As plain data, for `vocabulary.json`; `restore` of the plug-in reads it back. */
  readonly toJSON: () => unknown;
  /** Facts for the report after fit, e.g. vocabulary size and words lost to the minimum count. */
  readonly report: () => Readonly<Record<string, number>>;
}

/** Counts a corpus in one pass and becomes an {@link Encoder}. */
export interface Fitter {
  /** Adds one example. */
  readonly add: (example: readonly string[] | readonly (readonly number[])[]) => void;
  /** Adds what another of the same vectorizer has counted, where it can: the same as one pass over both. @throws UnrolledError `FITTER_MISMATCH` */
  readonly merge?: (other: Fitter) => void;
  /** The encoder of all that was added. */
  readonly build: () => Encoder;
}

/** Raw examples → ids, vectors or bags. */
export interface Vectorizer<
  N extends string = string,
  O = any,
  Out extends Emission = Emission,
  In extends Reading = Reading,
> extends PluginBase<'vectorizer', N, O> {
  /** What it emits. */
  readonly emits: Out;
  /** What it reads. */
  readonly reads: In;
  /** Begins to fit. */
  readonly fit: (options: O) => Fitter;
  /** An encoder from what `toJSON` gave. @throws UnrolledError `MODEL_CORRUPT`. */
  readonly restore: (options: O, data: unknown) => Encoder;
}

/** A recurrent cell: equations. */
export interface Cell<N extends string = string, O = any, In extends Emission = Emission>
  extends PluginBase<'cell', N, O> {
  /** What it can be fed. */
  readonly accepts: In;
  /** Paper, section, equation. */
  readonly source: string;
  /** Its equations with the options applied. */
  readonly module: (options: O) => EquationModule;
}

/**
 * How a decoder attends to the memory of an encoder, as equations: binds `h[t]` and `m[s]`, gives a vector at each step. Its
 * weights are named `a[t,s]`, since predictions give them out by that name.
 */
export interface Attention<N extends string = string, O = any> extends PluginBase<'attention', N, O> {
  /** Paper, section, equation. */
  readonly source: string;
  /** Its equations with the options applied. */
  readonly module: (options: O) => EquationModule;
}

/** How often a network answers. */
export type Answers = 'once' | 'each-step';

/**
 * What a task learns of an example: its label; the labels of its steps; the next token at each step; the sequence that is to be
 * generated from it; its number.
 */
export type Learns = 'label' | 'labels' | 'next' | 'sequence' | 'number';

/** Which steps have inputs, outputs, targets and loss; the output layer's equations. */
export interface Task<N extends string = string, O = any, L extends Learns = Learns, In extends Emission = Emission>
  extends PluginBase<'task', N, O> {
  /** One output for a sequence, or one for each step. */
  readonly answers: Answers;
  /** What it learns; left out, the label where it answers once, else the labels of the steps. */
  readonly learns?: L;
  /** What the network's first layer, or without layers its output layer, is fed; steps where left out. */
  readonly accepts?: In;
  /** Whether its outputs come from forward layers alone as the sequence goes on (false: it must see the end). */
  readonly streams: boolean;
  /** The output layer: binds `h` (the last layer's output), gives `size` logits. */
  readonly module: (options: O, size: number) => EquationModule;
  /** Of one that learns a sequence: how a layer of the decoder begins; see `LayerDescription.begin`. @param cell - the layer's equations. */
  readonly begin?: (options: O, cell: EquationModule) => EquationModule | undefined;
}

/** What a loss compares with: a class number, independent yes/no values, or numbers. */
export type TargetKind = 'class' | 'binary' | 'values';

/** A loss as equations over one row: binds `y` and `target`, gives a scalar. */
export interface Loss<N extends string = string, O = any, T extends TargetKind = TargetKind>
  extends PluginBase<'loss', N, O> {
  /** What it compares with. */
  readonly targets: T;
  /** From logits to probabilities or predicted values. */
  readonly link: 'softmax' | 'sigmoid' | 'identity';
  /** Its equations. */
  readonly module: (options: O) => EquationModule;
}

/** An optimizer as elementwise equations over `g[t]`, `w[t-1]`, `rate` and `t` (the number of this update, from 1). */
export interface Optimizer<N extends string = string, O = any> extends PluginBase<'optimizer', N, O> {
  /** Its equations; the output is `w`. */
  readonly module: (options: O) => EquationModule;
  /** Learning rate of an update. @param update - from 0: batches so far, which are updates where the trainer makes one for each. @param updates - planned in the whole run. */
  readonly learningRate: (options: O, update: number, updates: number) => number;
}

/** Where a trainer stands inside a batch of sequences; plain data, saved in checkpoints. */
export interface TrainerCursor {
  /** Index of the next window. */
  readonly window: number;
  /** States that later windows start from, by the trainer's own names. */
  readonly states: Readonly<Record<string, State>>;
  /** Sum of the weighted losses so far. */
  readonly loss: number;
  /** Outputs of the windows so far, for the metrics of the whole batch. */
  readonly outputs: readonly Tensor[];
}

/** What a trainer reports after each call of the executable. */
export interface TrainerProgress {
  /** Weighted loss of the whole batch so far. */
  readonly loss: number;
  /** Norm of the gradient before clipping, where this call updated. */
  readonly gradientNorm: number | undefined;
  /** Whether weights changed. */
  readonly updated: boolean;
  /** Where to go on from; undefined when the batch is done. */
  readonly cursor: TrainerCursor | undefined;
  /**
   * Output of the network, once known for the whole batch; for metrics. `[batch, size]` or `[time, batch, size]`; of streams
   * that of the new steps of this call. Where the context says that classes are enough, `size` may be 1: the likeliest class.
   */
  readonly output: Tensor | undefined;
  /** Of streams: the first step of `output`. */
  readonly outputFrom?: number;
  /** State after the last true step of each sequence, once the batch is done; a stream's next batch starts from it. */
  readonly state: State | undefined;
}

/** What a trainer is given besides the batch. */
export interface TrainerContext {
  /** The run's seed. */
  readonly seed: number;
  /** Number of updates so far; read anew before each call. */
  readonly updates: () => number;
  /** Learning rate of the next update. */
  readonly learningRate: () => number;
  /** State the batch starts from (streams); undefined starts fresh. */
  readonly state?: State;
  /** Resume inside the batch. */
  readonly cursor?: TrainerCursor;
  /** One loss for a sequence or one for each step. */
  readonly answers: Answers;
  /**
   * The sequences are endless streams: the loss of a window is the mean over its own steps, and progress tells the mean so far
   * and the outputs of the window alone.
   */
  readonly stream?: boolean;
  /** Classes are enough in place of logits: what is trained may be asked for them with `output` of `trainStep`. */
  readonly output?: 'classes';
}

/** What a trainer sees at once: `sequence` needs each sequence whole; `window` cuts it. */
export type Sight = 'sequence' | 'window';

/** How far back gradients travel and when weights change. */
export interface Trainer<N extends string = string, O = any, S extends Sight = Sight>
  extends PluginBase<'trainer', N, O> {
  /** What it sees at once; `window` can't train a layer that runs backward. */
  readonly sees: S;
  /** How many calls a batch takes whose longest sequence has so many steps; one where left out. */
  readonly calls?: (options: O, steps: number) => number;
  /** The options' bound on how much of a sequence it sees; undefined for the whole. */
  readonly check: (options: O) => void;
  /** Trains on one batch of sequences; yields after every call, so that it can be aborted and resumed between calls. */
  readonly train: (
    options: O,
    executable: Executable,
    batch: Batch,
    context: TrainerContext,
  ) => AsyncGenerator<TrainerProgress, void, void>;
}

/** What numbers are computed in. */
export type Precision = 'float32' | 'float64';

/** Does the arithmetic. */
export interface Backend<N extends string = string, O = any, P extends Precision = Precision>
  extends PluginBase<'backend', N, O> {
  /** Precisions it computes in, its default first. */
  readonly precisions: readonly P[];
  /** Whether one seed gives the same bits each time, always or with some options. */
  readonly deterministic: boolean | ((options: O) => boolean);
  /** Compiles a network. */
  readonly compile: (options: O) => Compile;
}

/** The size of a picture whose rows, from the top, are the `values` of an example: `[height, width × channels]`, from 0 to 1. */
export interface ImageSize {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Numbers of a pixel, which stand together: 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
}

/** Numbers of one step, `[size]`. */
export type NumberRow = readonly number[] | Float32Array | Float64Array;

/** One raw example. */
export interface Example {
  /** The text, where the example is a text. */
  readonly text?: string;
  /** The text as it was split by those who labelled its steps, where they did. */
  readonly tokens?: readonly string[];
  /** Numbers for each step, where it is a numeric sequence. */
  readonly values?: readonly NumberRow[];
  /** The size of the picture that `values` are the rows of, where they are a picture. */
  readonly image?: ImageSize;
  /** Its label, where it has one. */
  readonly label?: string;
  /** A label for each step (of `tokens` where it has them, else of `values`), where the steps have labels. */
  readonly labels?: readonly string[];
  /** The text to be produced from it, where there is one: a translation, a caption. */
  readonly target?: string;
  /** The number to be predicted, where there is one. */
  readonly number?: number;
  /** The split it belongs to: `train`, `heldout`. */
  readonly split?: string;
  /** Where it came from, for messages: file and line. */
  readonly origin?: string;
}

/** Examples that can be read again. */
export interface Dataset<N extends string = string, O = any> extends PluginBase<'dataset', N, O> {
  /** Licence and source in one line. */
  readonly licence: string;
  /** Reads the examples from the start, each time it is called. */
  readonly examples: (options: O) => AsyncIterable<Example>;
}

/** Any plug-in. */
export type Plugin = Tokenizer | Vectorizer | Cell | Attention | Task | Loss | Optimizer | Trainer | Backend | Dataset;
