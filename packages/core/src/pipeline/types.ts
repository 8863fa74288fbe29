// What a pipeline and a loaded model offer: the public types of fit, evaluate, predict and save.
import type { Batch, CompileSettings, StreamState, Tensor, Tensors } from '../contracts/executable.ts';
import type { NetworkDescription } from '../contracts/network.ts';
import type { Example, Learns } from '../contracts/plugins.ts';
import type { Json } from '../options.ts';
import type { ManifestData } from '../resolved.ts';
import type { Examples } from './examples.ts';
import type { Evaluations } from './metrics/evaluation.ts';
import type { NumberScale } from './number-scale.ts';
import type { AccuracyOf, History, Progress } from './progress.ts';
import type { Run } from './run.ts';
import type { FitSettings } from './settings.ts';

/** What can be predicted: a text, or an example (its label is not looked at). */
export type ModelInput = string | Example;

/** One answer. */
export interface Prediction<Label extends string = string> {
  /** The label chosen: the likeliest, or by the model's threshold where it has one. */
  readonly label: Label;
  /** Probability of that label, in [0, 1]. */
  readonly probability: number;
  /** Probability of every label, in the order of class numbers; they add up to 1. */
  readonly probabilities: Readonly<Record<Label, number>>;
}

/** The answers for the steps of one sequence. */
export interface StepPredictions<Label extends string = string> {
  /** The likeliest label of each step. */
  readonly labels: readonly Label[];
  /** Probability of each of them, in [0, 1]. */
  readonly probabilities: readonly number[];
  /** The steps as tokens, where they are tokens. */
  readonly tokens?: readonly string[];
}

/** A token that may come next. */
export interface NextToken {
  /** The token; undefined for the end of the text. */
  readonly token: string | undefined;
  /** Its probability, in [0, 1]. */
  readonly probability: number;
}

/** What may come after a text. */
export interface NextPrediction extends NextToken {
  /** The ten likeliest, first to last. */
  readonly top: readonly NextToken[];
}

/** A sequence that was generated from an input. */
export interface GeneratedSequence {
  /** As a text. */
  readonly text: string;
  /** Its tokens. */
  readonly tokens: readonly string[];
  /** Natural logarithm of its probability, the end included where it ended. */
  readonly logProbability: number;
  /** Whether it ended by itself, not by the limit on its length. */
  readonly ended: boolean;
  /** How much each token, and the end where it ended, looked at each step of the input `[tokens][steps]`; with the setting `attention`. */
  readonly attention?: readonly (readonly number[])[];
}

/** A number that was predicted. */
export interface NumberPrediction {
  /** In the unit of the numbers that were learned. */
  readonly value: number;
}

/** Answers by what a task learns. */
export interface AnswerTypes<Label extends string = string> {
  /** One label. */
  readonly label: Prediction<Label>;
  /** A label for each step. */
  readonly labels: StepPredictions<Label>;
  /** What may come next. */
  readonly next: NextPrediction;
  /** A text. */
  readonly sequence: GeneratedSequence;
  /** A number. */
  readonly number: NumberPrediction;
}

/** Settings of a prediction or an evaluation; they change speed, never results. */
export interface InferenceSettings {
  /** Sequences that are computed together; 32. */
  readonly batchSize?: number;
}

/** How a sequence is searched for. */
export interface DecodeSettings {
  /** Beginnings that are kept at each step; 1 takes the likeliest token each time. */
  readonly beam?: number;
  /** Most tokens of the answer; 64. */
  readonly maximumLength?: number;
  /** A beam compares log-probabilities ÷ length^penalty (Wu et al. 2016, eq. 14, without its constant); 0. */
  readonly lengthPenalty?: number;
  /** Whether the weights of the attention are given too; false. */
  readonly attention?: boolean;
  /** Draws tokens instead, as `generate` does. */
  readonly sample?: SampleSettings;
}

/** How tokens are drawn. */
export interface SampleSettings {
  /** Logits are divided by it: below 1 the likeliest become likelier; 1. */
  readonly temperature?: number;
  /** Only so many of the likeliest tokens may be drawn (Fan et al. 2018). */
  readonly topK?: number;
  /** Only the fewest likeliest tokens whose probabilities reach this sum may be drawn (Holtzman et al. 2020). */
  readonly topP?: number;
  /** Decides every draw; 1. */
  readonly seed?: number;
}

/** Settings of `generate`. */
export interface GenerateSettings extends SampleSettings {
  /** Most tokens that are generated; 200. */
  readonly maximumLength?: number;
  /** Stops and keeps what there is. */
  readonly signal?: AbortSignal;
}

/** A token as it was generated. */
export interface GeneratedToken extends NextToken {
  /** What it adds to the text. */
  readonly text: string;
}

/** A text that was generated. */
export interface GeneratedText {
  /** Without the prompt. */
  readonly text: string;
  /** Its tokens. */
  readonly tokens: readonly string[];
  /** Natural logarithm of their probability under the model, before temperature and limits. */
  readonly logProbability: number;
  /** Whether it ended by itself, not by a limit or a signal. */
  readonly ended: boolean;
  /** The prompt's tokens, and how many of them the vocabulary does not hold: those are all the same to the model. */
  readonly prompt: { readonly tokens: number; readonly unknown: number };
}

/**
 * Predicts. One input gives one answer; an array gives an array in the same order; an iterable or async iterable gives
 * an async iterable in the same order, computed in batches, where a slow source is never waited for with answers at hand.
 * @throws UnrolledError `EXAMPLE_EMPTY`, `EXAMPLE_INVALID`, `NOT_FITTED`
 */
export interface Predict<A = Prediction, S = InferenceSettings> {
  (input: ModelInput, settings?: S): Promise<A>;
  (inputs: readonly ModelInput[], settings?: S): Promise<readonly A[]>;
  (inputs: Iterable<ModelInput> | AsyncIterable<ModelInput>, settings?: S): AsyncIterable<A>;
}

/**
 * A further piece of a sequence: a text cut before white space, tokens as the model's tokenizer gives them, or rows of
 * numbers in an example's `values`.
 */
export type StreamPiece = ModelInput | { readonly tokens: readonly string[] };

/**
 * Where a model stands inside a sequence that it reads piece by piece. A plain value: keep it to go on from it again, hand it
 * to another thread, or save it with `encodeStream`. Another backend can go on from it with the same model.
 */
export interface ModelStream {
  /** Which model it is of. */
  readonly model: string;
  /** What the network carries on; a batch of one. */
  readonly state: StreamState;
  /** Logits of the sequence so far, or of its last step `[1, outputs]`. */
  readonly logits: Tensor;
}

/** The answer for a sequence so far; a label for each of the piece's own steps where each step has one. */
export type StreamedPrediction<Label extends string = string, L extends Learns = 'label'> = AnswerTypes<Label>[L] & {
  /** What the next piece goes on from. */
  readonly stream: ModelStream;
};

/** What a model file set holds besides the model. */
export interface FileSettings {
  /** Leaves out `checkpoint/`, which only further training needs. */
  readonly slim?: boolean;
}

/** A model's `manifest.json`, without what only the loader needs. */
export interface ModelInfo<Label extends string = string> {
  /** Labels in the order of class numbers; none where tokens or numbers were learned. */
  readonly labels: readonly Label[];
  /** What its task learned. */
  readonly learns: Learns;
  /** Training examples of each label, or steps where each step has one. */
  readonly labelCounts: Readonly<Record<Label, number>>;
  /** Mean and deviation of the numbers that it learned from; undefined where it learned something else. */
  readonly numbers: NumberScale | undefined;
  /** From this probability of the second label on, the second label is chosen; undefined: the likeliest. */
  readonly threshold: number | undefined;
  /** Logits are divided by it; 1 where the model was not calibrated. */
  readonly temperature: number;
  /** Hash of the examples that it learned from, as `sha256:…`. */
  readonly dataHash: string;
  /** The run's settings. */
  readonly settings: Readonly<Record<string, Json>>;
  /** Measures on the validation part, where there was one. */
  readonly metrics: Readonly<Record<string, Json>>;
}

/** A trained model laid open: its network as data, its weights, and an input as the network sees it. */
export interface Anatomy {
  /** Equations, sizes and how they are joined. */
  readonly network: NetworkDescription;
  /** Weights by name. */
  readonly parameters: Tensors;
  /**
   * One input, up to the model's maximum length, as a batch of one sequence `[time, 1]`; with a label, or a number where numbers were learned, its
   * target and a weight of 1.
   * @throws UnrolledError `EXAMPLE_EMPTY`, `EXAMPLE_INVALID`, `LABEL_UNKNOWN`; `NOT_AVAILABLE` for a target of another kind than was learned
   */
  readonly batch: (input: ModelInput, target?: string | number) => Promise<Batch>;
}

/** Settings of a prediction by what a task learns. */
export type PredictSettings<L extends Learns> = L extends 'sequence'
  ? InferenceSettings & DecodeSettings
  : InferenceSettings;

/** A trained model; `L` says what its task learned. Immutable: concurrent predictions are safe. */
export interface Model<Label extends string = string, L extends Learns = 'label'> {
  /** Facts about it. @throws UnrolledError `NOT_FITTED` */
  readonly info: () => ModelInfo<Label>;
  /** See {@link Predict}. */
  readonly predict: Predict<AnswerTypes<Label>[L], PredictSettings<L>>;
  /**
   * Reads one sequence piece by piece: the prediction after a further piece, and the stream to go on from. After the last one
   * the prediction is that of `predict` for the whole. A piece without a token changes nothing; steps past the model's
   * maximum length are not looked at, as in `predict`.
   * @param before - the stream that the piece goes on from; left out, it begins one.
   * @throws UnrolledError `NETWORK_DOES_NOT_STREAM` with the layer that needs the whole sequence; `TOKENIZER_NOT_PIECEWISE`
   * for a text where tokens reach over the cuts; `STATE_INVALID` for a stream of another model; `EXAMPLE_INVALID`,
   * `NOT_FITTED`, `EXECUTABLE_DISPOSED`
   */
  readonly step: (piece: StreamPiece, before?: ModelStream) => Promise<StreamedPrediction<Label, L>>;
  /**
   * Goes on writing after a prompt, for a model that learned the next token: await it for the whole, iterate it token by token.
   * @throws UnrolledError `NOT_AVAILABLE` for other tasks, `SETTING_INVALID`, `NETWORK_DOES_NOT_STREAM`, `NOT_FITTED`
   */
  readonly generate: (prompt?: StreamPiece, settings?: GenerateSettings) => Run<GeneratedText, GeneratedToken>;
  /**
   * Measures the model on labelled examples.
   * @throws UnrolledError `NOT_FITTED`, `DATA_EMPTY`, `EXAMPLE_EMPTY`, `LABEL_MISSING`, `LABEL_UNKNOWN`, `NUMBER_MISSING`
   */
  readonly evaluate: (data: Examples, settings?: EvaluateSettings) => Promise<Evaluations<Label>[L]>;
  /** The model as files by path: `manifest.json`, `weights.safetensors`, `vocabulary.json` and `checkpoint/…`. @throws UnrolledError `NOT_FITTED` */
  readonly toFiles: (settings?: FileSettings) => Promise<Map<string, Uint8Array>>;
  /**
   * Writes the model folder `path`; what was there is replaced only when the new one is complete.
   * @throws UnrolledError `NOT_FITTED`, `NOT_IN_BROWSER`, `MODEL_WRITE_FAILED`, `MODEL_PATH_OCCUPIED`
   */
  readonly save: (path: string, settings?: FileSettings) => Promise<void>;
  /** The model laid open, for looking inside. @throws UnrolledError `NOT_FITTED` */
  readonly anatomy: () => Promise<Anatomy>;
  /** Frees what the backend holds; any later call is `EXECUTABLE_DISPOSED`. Of a pipeline that has learned nothing: nothing. */
  readonly dispose: () => void;
}

/** Settings of an evaluation. */
export interface EvaluateSettings extends InferenceSettings {
  /**
   * Shuffles the steps of each example by this seed before it is read, so that what is left is what needs no order; for tasks
   * that learn one label or a number.
   */
  readonly shuffleSteps?: number;
  /** What an empty or all-whitespace text means: an error (the default), or an example that is left out and counted. */
  readonly emptyText?: 'error' | 'skip';
}

/** A model in the making: what a manifest describes, ready to learn. */
export interface Pipeline<Label extends string = string, L extends Learns = 'label'> extends Model<Label, L> {
  /** The manifest as it was given. */
  readonly manifest: ManifestData;
  /**
   * Learns from labelled examples. Starts at once.
   * @throws UnrolledError `RUN_IN_PROGRESS`, `SETTING_INVALID`, `PLUGIN_MISSING`. The run itself fails with `DATA_EMPTY`,
   * `DATA_ONE_CLASS`, `DATA_ONE_NUMBER`, `EXAMPLE_EMPTY`, `LABEL_MISSING`, `LABEL_UNKNOWN`, `LABEL_UNSEEN`, `NUMBER_MISSING`,
   * `RUN_STOPPED`, `TRAINING_DIVERGED`, `CHECKPOINT_MISMATCH`, `CHECKPOINT_WRITE_FAILED` and others that say what to do.
   */
  readonly fit: (data: Examples, settings?: FitSettings<Label>) => Run<History<AccuracyOf<L>>, Progress<AccuracyOf<L>>>;
}

/** How a saved model is brought back. */
export interface LoadSettings {
  /** The backend that computes; without it the one that trained the model if it is registered, else the first that is. */
  readonly backend?: string;
  /** Settings that every backend takes. */
  readonly compute?: CompileSettings;
}
