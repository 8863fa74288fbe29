// The manifest: what a pipeline is made of, as plain data. Each slot names a registered plug-in and its options.
import type { CompileSettings } from '../contracts/executable.ts';
import type { ClipDescription, Direction, LayerDropout } from '../contracts/network.ts';
import type { Plugin } from '../contracts/plugins.ts';
import type { NoPlugin } from './sentences.ts';

/** Kinds of plug-in that have a slot in the manifest. */
export type SlotKind = Exclude<Plugin['kind'], 'dataset'>;

/** The plug-ins of one kind. */
export type OfKind<P extends Plugin, K extends Plugin['kind']> = Extract<P, { readonly kind: K }>;

declare const nothing: unique symbol;

/** The options of a plug-in that has none. */
export interface NoOptions {
  readonly [nothing]?: never;
}

/** Options as a manifest gives them: any of them; those left out keep their defaults. */
export type Given<O> = [keyof O] extends [never] ? NoOptions : Partial<O>;

/** A plug-in by name (`N`), with those of its options (`O`) that differ from their defaults. */
export interface Use<N extends string, O> {
  /** Name of a registered plug-in. */
  readonly use: N;
  /** Its options; those left out keep their defaults. */
  readonly with?: Given<O>;
}

/** A cell by name, run over time as one layer. */
export interface UseLayer<N extends string, O> extends Use<N, O> {
  /** Which way it runs; `forward` where left out. `both` joins forward, then backward. */
  readonly direction?: Direction;
  /** Dropout around it; none where left out. */
  readonly dropout?: LayerDropout;
  /** Whether the layer's input is added to its output (He et al. 2016); both need the same size. */
  readonly residual?: boolean;
}

/** An optimizer by name, with gradient clipping before its update. */
export interface UseOptimizer<N extends string, O> extends Use<N, O> {
  /** By value first, then by global norm. */
  readonly clip?: ClipDescription;
}

/** A backend by name, with what is asked of any backend. */
export interface UseBackend<N extends string, O> extends Use<N, O>, CompileSettings {}

/** The slot of a plug-in of kind `K` among `P`. Where none is registered, the only name allowed is a sentence that says so. */
export type Slot<P extends Plugin, K extends SlotKind> = [OfKind<P, K>] extends [never]
  ? Use<NoPlugin<K>, any>
  : UseOf<OfKind<P, K>>;

type UseOf<P extends Plugin> = P extends Plugin ? Use<P['name'], P['options']['defaults']> : never;

/** One recurrent layer. */
export type LayerSlot<P extends Plugin> = [OfKind<P, 'cell'>] extends [never]
  ? UseLayer<NoPlugin<'cell'>, any>
  : LayerOf<OfKind<P, 'cell'>>;

type LayerOf<P extends Plugin> = P extends Plugin ? UseLayer<P['name'], P['options']['defaults']> : never;

/** The optimizer's slot. */
export type OptimizerSlot<P extends Plugin> = [OfKind<P, 'optimizer'>] extends [never]
  ? UseOptimizer<NoPlugin<'optimizer'>, any>
  : OptimizerOf<OfKind<P, 'optimizer'>>;

type OptimizerOf<P extends Plugin> = P extends Plugin ? UseOptimizer<P['name'], P['options']['defaults']> : never;

/** The backend's slot. */
export type BackendSlot<P extends Plugin> = [OfKind<P, 'backend'>] extends [never]
  ? UseBackend<NoPlugin<'backend'>, any>
  : BackendOf<OfKind<P, 'backend'>>;

type BackendOf<P extends Plugin> = P extends Plugin ? UseBackend<P['name'], P['options']['defaults']> : never;

/** What enters the network. */
export interface ManifestInput<P extends Plugin> {
  /** Text → tokens. Left out where the vectorizer reads numbers. */
  readonly tokenizer?: Slot<P, 'tokenizer'>;
  /** Tokens or numbers → what the network is fed. */
  readonly vectorizer: Slot<P, 'vectorizer'>;
}

/** Labels in the order of class numbers, or stored label → shown label. */
export type Labels = readonly string[] | Readonly<Record<string, string>>;

/** What the network learns to give: a label, or a generated sequence. */
export interface ManifestTarget<P extends Plugin> {
  /** Left out, labels are learned from the examples and sorted. `{ '0': 'negative' }` renames stored values. */
  readonly labels?: Labels;
  /** Of a sequence that is to be generated: text → tokens. */
  readonly tokenizer?: Slot<P, 'tokenizer'>;
  /** Of a sequence that is to be generated: tokens → what the decoder is fed. */
  readonly vectorizer?: Slot<P, 'vectorizer'>;
}

/** Recurrent layers of one side of an encoder–decoder. */
export interface ManifestStack<P extends Plugin> {
  /** First to last. */
  readonly layers: readonly LayerSlot<P>[];
}

/** What a pipeline is made of: the registry's argument and the file format. `P` are the registered plug-ins. */
export interface Manifest<P extends Plugin> {
  /** Version of this format; written where left out. */
  readonly format?: 1;
  /** Version of the equation language; written where left out. */
  readonly language?: 1;
  /** What enters the network. */
  readonly input: ManifestInput<P>;
  /** What it learns to give; left out, labels are learned from the examples. */
  readonly target?: ManifestTarget<P>;
  /** Recurrent layers, first to last; none for a task that needs no order. */
  readonly layers?: readonly LayerSlot<P>[];
  /** With `decoder`, in place of `layers`, for a task that generates a sequence: reads the input. */
  readonly encoder?: ManifestStack<P>;
  /** With `encoder`, in place of `layers`: writes the target. */
  readonly decoder?: ManifestStack<P>;
  /** Of the decoder to what the encoder read; none where left out. */
  readonly attention?: Slot<P, 'attention'>;
  /** Output layer, and which steps have outputs and loss. */
  readonly task: Slot<P, 'task'>;
  /** Left out, it follows from the target. */
  readonly loss?: Slot<P, 'loss'>;
  /** Left out in a pipeline that only predicts. */
  readonly optimizer?: OptimizerSlot<P>;
  /** Left out in a pipeline that only predicts. */
  readonly trainer?: Slot<P, 'trainer'>;
  /** Does the arithmetic. */
  readonly backend: BackendSlot<P>;
}
