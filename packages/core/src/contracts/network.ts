// A network as plain data: equation modules and how they are joined. It is what a backend compiles and what a saved model carries.

/** How the values of a parameter begin. Drawn in core from the seed, the parameter's name and the element's index. */
export type Initializer =
  | { readonly init: 'zeros' | 'ones' | 'identity' }
  | { readonly init: 'constant'; readonly value: number }
  | { readonly init: 'uniform'; readonly minimum: number; readonly maximum: number }
  | { readonly init: 'normal'; readonly mean: number; readonly deviation: number }
  | {
      readonly init: 'glorot-uniform' | 'glorot-normal' | 'he-uniform' | 'he-normal' | 'orthogonal';
      readonly gain: number;
    };

/** A size in a declared shape: a number, or the name of a size (`units`, `inputs`, or a size option). */
export type SizeReference = number | string;

/** One parameter of an equation module. Its shape follows from use unless it is declared. */
export interface ParameterDescription {
  /** How its values begin. */
  readonly init: Initializer;
  /** Declared shape, e.g. `['projection', 'units']`; `[]` is a scalar. */
  readonly shape?: readonly SizeReference[];
}

/** Whether a state starts at zero, at what the caller gives, or at a learned vector. */
export type InitialState = 'zero' | 'given' | 'learned';

/**
 * Equations with everything that is needed to compile them: what a cell, an embedding, an output layer, a loss and an
 * optimizer all are. Plain data (JSON), since a saved model carries it.
 */
export interface EquationModule {
  /** The plug-in's name, for messages: `lstm`. */
  readonly name: string;
  /** Text in Language 1 (docs/language.md). */
  readonly equations: string;
  /** Every parameter that the equations name. */
  readonly parameters: Readonly<Record<string, ParameterDescription>>;
  /** Named sizes: `units` and size options. The size of a bound input needs no entry. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Numeric options that equations may name as constants; a flag is 1 or 0. */
  readonly constants: Readonly<Record<string, number>>;
  /** Declared shapes of states and values; a state's default is `['units']`. */
  readonly shapes: Readonly<Record<string, readonly SizeReference[]>>;
  /** How states start; the default is `zero`. */
  readonly initial: Readonly<Record<string, InitialState>>;
  /** The value that leaves the module. */
  readonly output: string;
}

/** Which way a layer runs over time. `both` joins forward, then backward. */
export type Direction = 'forward' | 'backward' | 'both';

/** Dropout around a layer; rates in [0, 1). */
export interface LayerDropout {
  /** Of the layer's input, a new mask at each step. */
  readonly input?: number;
  /** Of the layer's input, one mask per sequence (Gal and Ghahramani 2016). */
  readonly inputSequence?: number;
  /** Of the layer's output, a new mask at each step. */
  readonly output?: number;
}

/** One recurrent layer: a cell run over time. */
export interface LayerDescription {
  /** The cell's equations. */
  readonly module: EquationModule;
  /** Which way it runs. */
  readonly direction: Direction;
  /** Dropout around it. */
  readonly dropout: LayerDropout;
  /** Whether the layer's input is added to its output (He et al. 2016), which needs equal sizes. Dropout of the output comes first. */
  readonly residual?: boolean;
  /**
   * In a network with a source: equations from its memory `m[s]` to first values of the layer's states, which they assign by
   * name (`h = tanh(Wb @ last_s(m[s]) + bb)`). A state that they leave out begins as its module says.
   */
  readonly begin?: EquationModule;
}

/** What enters the network at each step. */
export type InputDescription =
  | {
      /** A token's number at each step; `x[t]` is its one-hot vector of size `vocabulary`, never materialised where a lookup serves. */
      readonly kind: 'ids';
      /** How many numbers there are. */
      readonly vocabulary: number;
      /** Equations from `x[t]` to what the first layer sees, e.g. `e[t] = Eᵀ @ x[t]`; without them it sees the one-hot vector. */
      readonly module?: EquationModule;
    }
  | {
      /** A vector at each step. */
      readonly kind: 'vectors';
      /** Its size. */
      readonly size: number;
      /** Equations from `x[t]` to what the first layer sees. */
      readonly module?: EquationModule;
    }
  | {
      /** A bag without order, an entry at each step: `x[t]` is the one-hot vector of its column, and `value[t]` its number. */
      readonly kind: 'bag';
      /** How many columns there are. */
      readonly size: number;
      /** Equations from `x[t]` and `value[t]` to what the first layer sees. */
      readonly module?: EquationModule;
    };

/** A second sequence beside the input, read by layers of its own: the encoder of an encoder–decoder. */
export interface EncoderDescription {
  /** Computed from the sequence. */
  readonly kind: 'encoder';
  /** What enters at each step; in a batch it is named `source`. */
  readonly input: InputDescription;
  /** Recurrent layers, first to last; the last one's output is the memory `m[s]`. Without layers it is the input itself. */
  readonly layers: readonly LayerDescription[];
}

/** What an encoder made of a sequence, handed over so that a decoder can take one step at a time. */
export interface MemoryDescription {
  /** Given in a batch as `memory` `[time, batch, size]`; the decoder takes one step, whose `x` is `[batch]` or `[batch, features]`. */
  readonly kind: 'memory';
  /** Size of its vectors. */
  readonly size: number;
  /**
   * Which way the encoder's last layer ran, so that `last_s(m[s])` is its last step; forward where it is left out. `both` is
   * one half of the units forward, then the other backward.
   */
  readonly direction?: Direction;
}

/** What the loss compares the output with: a class's number (bound as its one-hot vector) or a vector. */
export interface TargetDescription {
  /** `class`: a number below `size`, bound as its one-hot vector; `values`: a vector of `size`. */
  readonly kind: 'class' | 'values';
  /** Number of classes, or the vector's size. */
  readonly size: number;
  /** Whether there is one target for a sequence or one for each step. */
  readonly per: 'sequence' | 'step';
}

/** Gradient clipping between gradients and update: by value first, then by global norm (each where given). */
export interface ClipDescription {
  /** Scales all gradients together so that their global L2 norm is at most this (Pascanu et al. 2013). */
  readonly norm?: number;
  /** Clamps each gradient element to ±this. */
  readonly value?: number;
}

/**
 * A whole network as plain data. Parameters are named `input.E`, `layers.0.Wxh`, `layers.1.backward.Whi`, `output.Why`; those
 * of a source `source.input.E`, `source.layers.0.Wxh`, of a layer's first values `layers.0.begin.Wb`, and `attention.Wa`.
 */
export interface NetworkDescription {
  /** Version of the equation language. */
  readonly language: 1;
  /** What enters at each step; bound as `x`. */
  readonly input: InputDescription;
  /**
   * The encoder of an encoder–decoder, or its memory. The modules of `layers` (the decoder) may read the memory as `m[s]`; any
   * index other than that of the step ranges over its true positions.
   */
  readonly source?: EncoderDescription | MemoryDescription;
  /** Recurrent layers, first to last; each one's output is the next one's `x`. */
  readonly layers: readonly LayerDescription[];
  /** Equations from the last layer's output `h[t]` and the memory `m[s]` to what the output layer sees as its `h`. Needs a source. */
  readonly attention?: EquationModule;
  /** The task's output equations; the last layer's output is bound as `h`, their output is the logits `y`. */
  readonly output: EquationModule;
  /** The loss of one row: `y` and `target` bound; its output is a scalar. Absent in a network that only predicts. */
  readonly loss?: EquationModule;
  /** What the loss compares with. */
  readonly target: TargetDescription;
  /** Elementwise update equations over `g[t]`, `w[t-1]`, `rate`, `t`. Absent in a network that only predicts. */
  readonly optimizer?: EquationModule;
  /** Clipping between gradients and update. */
  readonly clip?: ClipDescription;
}
