// The type-level fit: the shape of a manifest, with a sentence in each place where the pieces that it names don't fit.
import type { CompileSettings } from '../contracts/executable.ts';
import type { Direction, LayerDropout } from '../contracts/network.ts';
import type { Learns, Plugin } from '../contracts/plugins.ts';
import type { BackendSlot, Labels, LayerSlot, Manifest, OptimizerSlot, Slot, SlotKind } from './manifest.ts';
import type {
  CellMisfit,
  DecoderMisfit,
  DirectionMisfit,
  LabelsMisfit,
  LayersOutside,
  LossMisfit,
  Named,
  NextMisfit,
  PartMissing,
  PartUnread,
  PrecisionMisfit,
  TaskMisfit,
  TokenizerMisfit,
  VectorizerMisfit,
} from './misfit-types.ts';

/**
 * What a manifest `M` is checked against: the shape of a manifest of the plug-ins `P`, where a place at fault asks for a
 * sentence instead of what stands there. `M` is inferred through the branch that is never taken. With a wrong name or a
 * wrong option `M` falls back to `Manifest<P>`, so that TypeScript's own error speaks alone.
 */
export type Fit<P extends Plugin, M extends Manifest<P>> = [M] extends [never]
  ? M
  : [Manifest<P>] extends [M]
    ? Manifest<P>
    : Fitting<P, M>;

/** A manifest of the plug-ins `P` whose pieces fit; a sentence stands where those of `M` don't. */
export interface Fitting<P extends Plugin, M extends Manifest<P>> {
  /** Version of this format; written where left out. */
  readonly format?: 1;
  /** Version of the equation language; written where left out. */
  readonly language?: 1;
  /** What enters the network. */
  readonly input: FittingInput<P, M['input']>;
  /** What it learns to give; left out, labels are learned from the examples. */
  readonly target?: FittingTarget<P, M['target'], Named<P, 'task', M['task']>>;
  /** Recurrent layers, first to last. */
  readonly layers?: Else<LayersOutside<Named<P, 'task', M['task']>>, FittingLayers<P, M, M['layers']>>;
  /** For a task that generates a sequence: reads the input. */
  readonly encoder?: Else<PartUnread<Named<P, 'task', M['task']>, 'encoder'>, FittingEncoder<P, M, M['encoder']>>;
  /** For a task that generates a sequence: writes the target. */
  readonly decoder?: Else<PartUnread<Named<P, 'task', M['task']>, 'decoder'>, FittingDecoder<P, M['decoder']>>;
  /** Of the decoder to what the encoder read. */
  readonly attention?: Else<
    PartUnread<Named<P, 'task', M['task']>, 'attention'>,
    FittingSlot<P, 'attention', M['attention']>
  >;
  /** Output layer, and which steps have outputs and loss. */
  readonly task: FittingSlot<
    P,
    'task',
    M['task'],
    | PartMissing<Named<P, 'task', M['task']>, M>
    | TaskMisfit<Named<P, 'task', M['task']>, InputVectorizer<P, M['input']>, M['layers']>
  >;
  /** Left out, it follows from the target. */
  readonly loss?: FittingSlot<
    P,
    'loss',
    M['loss'],
    LossMisfit<Named<P, 'loss', M['loss']>, M['target'], Named<P, 'task', M['task']>>
  >;
  /** Left out in a pipeline that only predicts. */
  readonly optimizer?: OptimizerSlot<Choice<P, 'optimizer', M['optimizer']>>;
  /** Left out in a pipeline that only predicts. */
  readonly trainer?: FittingSlot<P, 'trainer', M['trainer']>;
  /** Does the arithmetic. */
  readonly backend: FittingBackend<
    Choice<P, 'backend', M['backend']>,
    PrecisionMisfit<Named<P, 'backend', M['backend']>, M['backend']>
  >;
}

/** The plug-ins that an error about a slot speaks of: the one that it names, else all. */
type Choice<P extends Plugin, K extends SlotKind, S> = [Named<P, K, S>] extends [never] ? P : Named<P, K, S>;

/** A slot that names its plug-in in `S`; the sentence stands in place of the name. */
type FittingSlot<P extends Plugin, K extends SlotKind, S, Misfit = never> = [Misfit] extends [never]
  ? Slot<Choice<P, K, S>, K>
  : MisfitSlot<Misfit>;

interface MisfitSlot<Misfit> {
  readonly use: Misfit;
  readonly with?: unknown;
}

/** What enters the network; a sentence stands where tokenizer and vectorizer don't fit. */
export interface FittingInput<P extends Plugin, I> {
  /** Text → tokens. Left out where the vectorizer reads numbers. */
  readonly tokenizer?: FittingSlot<
    P,
    'tokenizer',
    Member<I, 'tokenizer'>,
    TokenizerMisfit<Named<P, 'tokenizer', Member<I, 'tokenizer'>>, InputVectorizer<P, I>>
  >;
  /** Tokens or numbers → what the network is fed. */
  readonly vectorizer: FittingSlot<
    P,
    'vectorizer',
    Member<I, 'vectorizer'>,
    VectorizerMisfit<I, InputVectorizer<P, I>>
  >;
}

type InputVectorizer<P extends Plugin, I> = Named<P, 'vectorizer', Member<I, 'vectorizer'>>;

type Member<T, K extends string> = T extends { readonly [Key in K]: infer Value } ? Value : never;

/** What the network learns to give; a sentence stands where it can't be learned. */
export interface FittingTarget<P extends Plugin, T, K> {
  /** Left out, labels are learned from the examples and sorted. `{ '0': 'negative' }` renames stored values. */
  readonly labels?: Else<LabelsMisfit<T, K>, Labels>;
  /** Of a sequence that is to be generated. */
  readonly tokenizer?: Else<PartUnread<K, 'target.tokenizer'>, FittingSlot<P, 'tokenizer', Member<T, 'tokenizer'>>>;
  /** Of a sequence that is to be generated. */
  readonly vectorizer?: Else<PartUnread<K, 'target.vectorizer'>, FittingSlot<P, 'vectorizer', Member<T, 'vectorizer'>>>;
}

type Else<T, Otherwise> = [T] extends [never] ? Otherwise : T;

type FittingLayers<P extends Plugin, M extends Manifest<P>, L> = L extends readonly unknown[]
  ? FittingEach<P, M, L>
  : readonly LayerSlot<P>[];

/** Layers of an encoder; the first one is fed by the vectorizer. */
interface FittingEncoder<P extends Plugin, M extends Manifest<P>, S> {
  readonly layers: Member<S, 'layers'> extends infer L
    ? L extends readonly unknown[]
      ? {
          readonly [I in keyof L]: FittingLayer<
            Choice<P, 'cell', L[I]>,
            I extends '0' ? CellMisfit<Named<P, 'cell', L[I]>, InputVectorizer<P, M['input']>> : never,
            never
          >;
        }
      : readonly LayerSlot<P>[]
    : never;
}

/** Layers of a decoder, which run forward. */
interface FittingDecoder<P extends Plugin, S> {
  readonly layers: Member<S, 'layers'> extends infer L
    ? L extends readonly unknown[]
      ? { readonly [I in keyof L]: FittingLayer<Choice<P, 'cell', L[I]>, never, DecoderMisfit<L[I]>> }
      : readonly LayerSlot<P>[]
    : never;
}

type FittingEach<P extends Plugin, M extends Manifest<P>, L extends readonly unknown[]> = {
  readonly [I in keyof L]: FittingLayer<
    Choice<P, 'cell', L[I]>,
    I extends '0' ? CellMisfit<Named<P, 'cell', L[I]>, InputVectorizer<P, M['input']>> : never,
    NextMisfit<L[I], Named<P, 'task', M['task']>, DirectionMisfit<L[I], Named<P, 'trainer', M['trainer']>>>
  >;
};

/** A layer with the sentences about its name and its direction. */
type FittingLayer<P extends Plugin, Use, Direct> = [Use | Direct] extends [never]
  ? LayerSlot<P>
  : MisfitLayer<Use, Direct>;

interface MisfitLayer<Use, Direct> {
  readonly use: Else<Use, string>;
  readonly with?: unknown;
  readonly direction?: Else<Direct, Direction>;
  readonly dropout?: LayerDropout;
  readonly residual?: boolean;
}

type FittingBackend<P extends Plugin, Misfit> = [Misfit] extends [never] ? BackendSlot<P> : MisfitBackend<Misfit>;

interface MisfitBackend<Misfit> extends Omit<CompileSettings, 'precision'> {
  readonly use: string;
  readonly with?: unknown;
  readonly precision: Misfit;
}

/** The labels that a manifest names, as they are shown; `string` where they are learned. */
export type LabelOf<M> = M extends { readonly target: { readonly labels: infer L } }
  ? L extends readonly (infer Label extends string)[]
    ? Label
    : L[keyof L] & string
  : string;

/** What the task of a manifest learns; a label where the types can't tell. */
export type LearnsOf<P extends Plugin, M> = [M] extends [never]
  ? 'label'
  : M extends { readonly task: infer S }
    ? Named<P, 'task', S> extends { readonly learns?: infer L }
      ? Learns extends L
        ? 'label'
        : Exclude<L, undefined> & Learns
      : 'label'
    : 'label';
