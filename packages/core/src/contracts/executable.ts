// What a backend makes of a network: the calls that run it forward, give gradients and take training steps.
import type { Initializer, NetworkDescription } from './network.ts';

/** Numbers of a tensor: float32 or float64 by the backend's precision, row-major. */
export type Values = Float32Array | Float64Array;

/** A dense tensor as plain data, row-major. */
export interface Tensor {
  /** Sizes, outermost first; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Row-major values; its length is the product of `shape`. */
  readonly data: Values;
}

/** Named tensors: parameters, gradients, optimizer state. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Recurrent state by name (`layers.0.h`), each `[batch, …]`. A plain value that the caller owns: copy, save, fork it. */
export type State = Readonly<Record<string, Tensor>>;

/**
 * Where the streams of a batch stand. A plain value that the caller owns: copy, save, fork, join rows of it, hand it to
 * another thread. It outlives the executable, and fits any that computes the same network.
 */
export interface StreamState {
  /** Steps that each stream has had `[batch]`: equations may name the step, and where it is 0 a learned first value stands. */
  readonly steps: Int32Array;
  /** Recurrent state after them, and what pooling has gathered, by name, each `[batch, …]`. */
  readonly values: State;
}

/**
 * Sequences of a batch, time-major and padded; padding changes no result. No sequences, or no steps, are legal: nothing is
 * computed, so the loss and its gradients are 0, and sequences without steps keep the state that they were given.
 */
export interface Batch {
  /** Number of sequences. */
  readonly size: number;
  /** Number of steps, the longest of `lengths` or more. */
  readonly time: number;
  /**
   * By name; `x` is ids `[time, batch]` (Int32Array) or vectors `[time, batch, features]`. A bag's columns are `x` and its
   * numbers `value` `[time, batch]`. What an encoder reads is `source`, like `x`. Padding may hold anything valid.
   */
  readonly inputs: Readonly<Record<string, Int32Array | Values>>;
  /** True number of steps of each sequence `[batch]`, 0 to `time`; with a source, of the longer of both. */
  readonly lengths: Int32Array;
  /** With a source: true number of steps of each one's `[batch]`, 0 to its length. */
  readonly sourceLengths?: Int32Array;
  /** Class numbers `[batch]` or `[time, batch]` (Int32Array), or values `[batch, size]` or `[time, batch, size]`. Needed for a loss, with `weights`. */
  readonly targets?: Int32Array | Values;
  /** Factor of each loss term `[batch]` or `[time, batch]`, the division by the number of terms included. Needed for a loss, with `targets`. */
  readonly weights?: Values;
  /** The example's number in the data set `[batch]`: random masks are drawn by it, so they don't depend on the batch. */
  readonly exampleIndex: Int32Array;
  /** Steps of each sequence that came before this batch `[batch]`; 0 begins a sequence. */
  readonly start: Int32Array;
}

/** What random masks are a function of, with the example, the step and the unit. */
export interface RandomKey {
  /** The run's seed. */
  readonly seed: number;
  /** Number of updates before this call. */
  readonly update: number;
}

/** Result of a forward call. */
export interface ForwardResult {
  /** The network's output (logits): `[batch, size]`, or `[time, batch, size]` for a task with outputs at each step. */
  readonly output: Tensor;
  /** Weighted sum of the loss terms; absent without targets. */
  readonly loss?: number;
  /** State after the last true step of each sequence. */
  readonly state: State;
}

/** Result of a gradients call. */
export interface GradientsResult extends ForwardResult {
  /** Weighted sum of the loss terms; 0 where no targets were given. */
  readonly loss: number;
  /** By parameter name. A table that was looked up by row has a dense gradient. */
  readonly parameters: Tensors;
  /** By input name, for inputs that are vectors: `[time, batch, features]`. */
  readonly inputs: Tensors;
  /** With respect to the initial state: `[batch, …]` by state name. */
  readonly initialState: State;
}

/** Result of a training step. */
export interface TrainStepResult extends ForwardResult {
  /** Weighted sum of the loss terms. */
  readonly loss: number;
  /** Global L2 norm of the gradient before clipping; of the accumulated one where this step updates. */
  readonly gradientNorm: number;
}

/** A parameter as the backend sees it. */
export interface ParameterInfo {
  /** `layers.0.Wxh`. */
  readonly name: string;
  /** Sizes, outermost first. */
  readonly shape: readonly number[];
  /** How its values begin. */
  readonly init: Initializer;
}

/** A recurrent state as the backend sees it. */
export interface StateInfo {
  /** `layers.0.h`. */
  readonly name: string;
  /** Shape of one row. */
  readonly shape: readonly number[];
}

/** What can be read from and written to an executable by name. */
export interface Snapshot {
  /** Parameters by name. */
  readonly parameters?: Tensors;
  /** Optimizer state by `<state>/<parameter>`: `m/layers.0.Wxh`. */
  readonly optimizer?: Tensors;
  /** Gradients accumulated and not yet applied, by parameter; empty where there are none. */
  readonly accumulated?: Tensors;
  /** Number of updates made. */
  readonly updates?: number;
}

/** How large a compiled network is, and what a training step of it takes (without a loss: running it forward). */
export interface ExecutableSummary {
  /** Numbers that are learned. */
  readonly parameters: number;
  /** Bytes of memory. */
  readonly bytes: {
    /** Of the parameters. */
    readonly parameters: number;
    /** Of the optimizer's state. */
    readonly optimizer: number;
    /** What the batch takes where all of it is stored, its inputs and targets included. */
    readonly activations: number;
    /** Everything at once at the most, as predicted: within 10% of what is measured. */
    readonly peak: number;
  };
  /** Steps that run forward once more so that the memory asked for is enough; 0 where all is stored. */
  readonly recomputedSteps: number;
}

/** A compiled network. All calls are asynchronous; one at a time for calls that change it. */
export interface Executable {
  /** In a fixed order. */
  readonly parameters: readonly ParameterInfo[];
  /** In a fixed order. */
  readonly states: readonly StateInfo[];
  /** Whether it streams; if not, which layer does not and why, in one sentence. */
  readonly streams: true | string;
  /** Zero state for `batch` sequences. Where a sequence begins, `start` 0, a learned first value stands in place of what is given. */
  readonly initialState: (batch: number) => State;
  /** Runs forward. `mode: 'train'` draws the random masks of `key`; `'infer'` uses their expectation. `statesAt` as in `trainStep`. */
  readonly forward: (
    batch: Batch,
    state: State,
    options: { readonly mode: 'train' | 'infer'; readonly key?: RandomKey; readonly statesAt?: readonly number[] },
  ) => Promise<ForwardResult & { readonly intermediate?: readonly State[] }>;
  /**
   * One further step of every stream, in inference mode. What is given stays as it was, so an earlier state can be gone on
   * from again; `beginStreams` gives the first. A backend without a path of its own for it takes `stepByForward`.
   * @param x - ids `[batch]` or vectors `[batch, features]`.
   * @returns the state after the step, and the logits `[batch, size]`: what the whole sequences so far would give, for a task
   * with outputs at each step its last. They are the caller's own.
   * @throws UnrolledError `NETWORK_DOES_NOT_STREAM` with the sentence of `streams`; `STATE_INVALID` for a state of another
   * network or batch; `BATCH_INVALID` for an `x` that does not fit; `EXECUTABLE_DISPOSED`
   */
  readonly step: (state: StreamState, x: Int32Array | Values) => Promise<readonly [StreamState, Tensor]>;
  /** Gradients of the loss, or of `Σ outputGradient·output + Σ finalStateGradient·finalState + loss`. Masks as in training where a key is given. */
  readonly gradients: (
    batch: Batch,
    state: State,
    options: { readonly key?: RandomKey; readonly outputGradient?: Tensor; readonly finalStateGradient?: State },
  ) => Promise<GradientsResult>;
  /**
   * Forward, backward, clip and update in one crossing. With `accumulate` the gradient is added to those kept and nothing
   * is updated; the next step without it applies their sum. With `statesAt`, `intermediate` holds the states after those
   * whole numbers of steps of this batch (0 is the given state), where a sequence that ended earlier keeps its last state.
   * With `output: 'classes'` a backend may give for each row, in place of its logits, the number of the first largest of them,
   * so that the output's `size` is 1 and logits need not leave it: `[time, batch, 1]` or `[batch, 1]`.
   * @throws UnrolledError `LEARNING_RATE_INVALID`, `KEY_INVALID`, `BATCH_WITHOUT_TARGETS`, `OPTIMIZER_MISSING` before anything changes
   */
  readonly trainStep: (
    batch: Batch,
    state: State,
    options: {
      readonly key: RandomKey;
      readonly learningRate: number;
      readonly accumulate?: boolean;
      readonly statesAt?: readonly number[];
      readonly output?: 'classes';
    },
  ) => Promise<TrainStepResult & { readonly intermediate?: readonly State[] }>;
  /**
   * Named values at each step, in inference mode: `layers.0.i` → `[time, batch, units]`; one with a second index, `e[t,s]`,
   * `[time, time, batch, …]`. Padding is 0. A bound on memory does not hold here, since every step is given back at once.
   */
  readonly trace: (batch: Batch, state: State, names: readonly string[]) => Promise<Tensors>;
  /** A copy of everything named in {@link Snapshot}. */
  readonly read: () => Promise<Required<Snapshot>>;
  /** Overwrites what is given, after checking every name and shape; nothing is written if one is wrong. */
  readonly write: (snapshot: Snapshot) => Promise<void>;
  /**
   * How much memory batches of `size` sequences of up to `time` steps take; where a backend can tell. `lengths` gives the
   * steps of each `[size]`; left out, each has `time`.
   * @throws UnrolledError `MEMORY_BUDGET` where that is more than it may have; `EXECUTABLE_DISPOSED`
   */
  readonly summary?: (shape: {
    readonly size: number;
    readonly time: number;
    readonly lengths?: Int32Array;
  }) => Promise<ExecutableSummary>;
  /** Frees what it holds; any later call is `EXECUTABLE_DISPOSED`. */
  readonly dispose: () => void;
}

/** Settings that every backend takes. */
export interface CompileSettings {
  /** What numbers are computed in; a backend refuses what it lacks. */
  readonly precision?: 'float32' | 'float64';
  /** Threads, where the backend has them; without it the backend chooses. No result depends on it. */
  readonly threads?: number;
  /**
   * Bound on activations, e.g. `64MB`, where the backend can recompute them; of a training found out before its first update.
   * No result depends on it. It does not bound `trace`.
   */
  readonly memory?: string;
  /** `fast` gives up bit-equality between machines. */
  readonly numerics?: 'exact' | 'fast';
}

/** Compiles a network. @throws UnrolledError with the language's own errors, or `BACKEND_UNSUPPORTED`. */
export type Compile = (network: NetworkDescription, settings: CompileSettings) => Promise<Executable>;
