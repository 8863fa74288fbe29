// Misfits at compile time: for each place in a manifest the sentence that stands there, or `never` where all is well.
import type { Emission, Learns, Plugin, Precision } from '../contracts/plugins.ts';
import type { SlotKind } from './manifest.ts';
import type { emissionPhrases, partPhrases, Sentence } from './sentences.ts';

/** The plug-in of kind `K` that a slot names; `never` where the slot is left out or its name is not a literal. */
export type Named<P extends Plugin, K extends SlotKind, S> = S extends { readonly use: infer N }
  ? Extract<P, { readonly kind: K; readonly name: N }>
  : never;

/** Whether `T` is nothing but `U`, and not nothing at all. */
type Only<T, U> = [T] extends [never] ? false : [T] extends [U] ? true : false;

/** Of a tokenizer `T` before a vectorizer `V` that reads numbers. */
export type TokenizerMisfit<T, V> = T extends { readonly name: infer TN extends string }
  ? V extends { readonly name: infer VN extends string; readonly reads: infer In }
    ? Only<In, 'numbers'> extends true
      ? Sentence<'tokenizerUnread', { tokenizer: TN; vectorizer: VN }>
      : never
    : never
  : never;

/** Of a vectorizer `V` that reads tokens, in an input `I` without a tokenizer. */
export type VectorizerMisfit<I, V> = 'tokenizer' extends keyof I
  ? never
  : V extends { readonly name: infer VN extends string; readonly reads: infer In }
    ? Only<In, 'tokens'> extends true
      ? Sentence<'tokenizerMissing', { vectorizer: VN }>
      : never
    : never;

/** What a task `T` learns; `never` where the types can't tell. */
type Learned<T> = T extends { readonly learns?: infer L }
  ? Learns extends Exclude<L, undefined>
    ? never
    : Exclude<L, undefined>
  : never;

/** Of a target `T` with labels that a task `K` does not learn, or with fewer than two. */
export type LabelsMisfit<T, K> = T extends { readonly labels: unknown }
  ? Only<Learned<K>, Exclude<Learns, 'label' | 'labels'>> extends true
    ? Sentence<'labelsUnread', { task: TaskName<K> }>
    : FewLabels<T>
  : never;

type FewLabels<T> = T extends { readonly labels: readonly [] | readonly [string] } ? Sentence<'labelsFew'> : never;

/** Of a cell `C` that can't read what a vectorizer `V` emits. */
export type CellMisfit<C, V> = V extends { readonly name: infer VN extends string; readonly emits: infer Out }
  ? C extends { readonly name: infer CN extends string; readonly accepts: infer In }
    ? [Out & In] extends [never]
      ? Sentence<'cellFed', { cell: CN; accepts: EmissionPhrase<In>; vectorizer: VN; emits: EmissionPhrase<Out> }>
      : never
    : never
  : never;

type EmissionPhrase<E> = (typeof emissionPhrases)[E & Emission];

/** Of a layer `L` that runs backward, with a trainer `T` that sees a window only. */
export type DirectionMisfit<L, T> = L extends { readonly direction: infer D extends 'backward' | 'both' }
  ? T extends { readonly name: infer TN extends string; readonly sees: infer Sees }
    ? Only<Sees, 'window'> extends true
      ? Sentence<'wholeSequence', { direction: D; trainer: TN }>
      : never
    : never
  : never;

/** Of a layer `L` that runs backward, with a task `T` that learns the next token; else what doesn't fit otherwise. */
export type NextMisfit<L, T, Otherwise> = L extends { readonly direction: infer D extends 'backward' | 'both' }
  ? T extends { readonly learns?: infer What }
    ? [Exclude<What, undefined>] extends ['next']
      ? Sentence<'nextSeen', { direction: D; task: TaskName<T> }>
      : Otherwise
    : Otherwise
  : Otherwise;

/** Whether a task `T` generates a sequence; `never` where the types can't tell. */
type Generates<T> = T extends { readonly learns?: infer L }
  ? [Exclude<L, undefined>] extends ['sequence']
    ? true
    : 'sequence' extends L
      ? never
      : false
  : never;

type TaskName<T> = T extends { readonly name: infer N extends string } ? N : string;

/** Of a part that a task `T` has no use for. */
export type PartUnread<T, Part extends keyof typeof partPhrases> = [Generates<T>] extends [never]
  ? never
  : Generates<T> extends false
    ? Sentence<'partUnread', { task: TaskName<T>; part: (typeof partPhrases)[Part] }>
    : never;

/** Of layers outside encoder and decoder, with a task `T` that generates a sequence. */
export type LayersOutside<T> = [Generates<T>] extends [never]
  ? never
  : Generates<T> extends true
    ? Sentence<'layersOutside', { task: TaskName<T> }>
    : never;

/** Of a manifest `M` that lacks a part which a task `T` that generates a sequence needs. */
export type PartMissing<T, M> = [Generates<T>] extends [never]
  ? never
  : Generates<T> extends true
    ? MissingOf<T, Exclude<Needed, PartsOf<M>>>
    : 'layers' extends keyof M
      ? never
      : Sentence<'layersMissing', { task: TaskName<T> }>;

/** What a task that generates a sequence needs. */
type Needed = 'target.tokenizer' | 'target.vectorizer' | 'encoder' | 'decoder';

type MissingOf<T, Part extends Needed> = Part extends Needed
  ? Sentence<'partMissing', { task: TaskName<T>; part: (typeof partPhrases)[Part] }>
  : never;

/** The needed parts that a manifest `M` has. */
type PartsOf<M> =
  | (keyof M & ('encoder' | 'decoder'))
  | (M extends { readonly target: infer G } ? `target.${keyof G & ('tokenizer' | 'vectorizer')}` : never);

/** Of a layer `L` of a decoder that does not run forward. */
export type DecoderMisfit<L> = L extends { readonly direction: infer D extends 'backward' | 'both' }
  ? Sentence<'decoderDirection', { direction: D }>
  : never;

/** Of a task `T` without layers that is fed what a vectorizer `V` emits. */
export type TaskMisfit<T, V, L> = L extends readonly []
  ? V extends { readonly emits: infer Out }
    ? T extends { readonly name: infer TN extends string; readonly accepts?: infer In }
      ? [Out & Accepted<In>] extends [never]
        ? Sentence<'taskFed', { task: TN; accepts: EmissionPhrase<Accepted<In>>; emits: EmissionPhrase<Out> }>
        : never
      : never
    : never
  : L extends readonly unknown[]
    ? T extends { readonly name: infer TN extends string; readonly accepts?: infer In }
      ? ['steps' & Accepted<In>] extends [never]
        ? Sentence<'taskFed', { task: TN; accepts: EmissionPhrase<Accepted<In>>; emits: EmissionPhrase<'steps'> }>
        : never
      : never
    : never;

/** Where a task does not say, it accepts steps. */
type Accepted<In> = [Exclude<In, undefined>] extends [never] ? 'steps' : Exclude<In, undefined>;

/** Of a loss `L` that doesn't compare with the labels of the target `T`, or with the numbers that a task `K` learns. */
export type LossMisfit<L, T, K> = L extends { readonly name: infer LN extends string; readonly targets: infer With }
  ? Only<Learned<K>, 'number'> extends true
    ? Only<With, 'class' | 'binary'> extends true
      ? Sentence<'lossLabels', { loss: LN; task: TaskName<K> }>
      : never
    : LabelLossMisfit<LN, With, T>
  : never;

type LabelLossMisfit<LN extends string, With, T> =
  Only<With, 'values'> extends true
    ? Sentence<'lossNumbers', { loss: LN }>
    : Only<With, 'binary'> extends true
      ? T extends { readonly labels: { readonly length: infer Count extends number } }
        ? BinaryMisfit<LN, Count>
        : never
      : never;

/** `Count` is `number` where the types can't tell; fewer than two labels have a sentence of their own. */
type BinaryMisfit<LN extends string, Count extends number> = number extends Count
  ? never
  : Count extends 0 | 1 | 2
    ? never
    : Sentence<'lossTwo', { loss: LN; count: `${Count}` }>;

/** Of a backend `B` that lacks the precision that its slot `S` asks for. */
export type PrecisionMisfit<B, S> = S extends { readonly precision: infer Q extends Precision }
  ? B extends { readonly name: infer BN extends string; readonly precisions: readonly (infer Has extends Precision)[] }
    ? [Q & Has] extends [never]
      ? Sentence<'precisionLacking', { backend: BN; precisions: Has; precision: Q }>
      : never
    : never
  : never;
