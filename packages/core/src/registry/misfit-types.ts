// Misfits at compile time: for each place in a manifest the sentence that stands there, or `never` where all is well.
import type { Emission, Plugin, Precision } from '../contracts/plugins.ts';
import type { SlotKind } from './manifest.ts';
import type { emissionPhrases, partPhrases, Sentence } from './sentences.ts';

/** The plug-in of kind `K` that a slot names; `never` where the slot is left out or its name is not a literal. */
export type Named<P extends Plugin, K extends SlotKind, S> = S extends { readonly use: infer N }
  ? Extract<P, { readonly kind: K; readonly name: N }>
  : never;

/** Whether `T` is nothing but `U`, and not nothing at all. */
type Only<T, U> = [T] extends [never] ? false : [T] extends [U] ? true : false;

/** A part that nothing runs yet. */
export type NotYet<Part extends keyof typeof partPhrases> = Sentence<'notYet', { part: (typeof partPhrases)[Part] }>;

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

/** Of a target `T` with fewer than two labels. */
export type LabelsMisfit<T> = T extends { readonly labels: readonly [] | readonly [string] }
  ? Sentence<'labelsFew'>
  : never;

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

/** Of a layer `L` that is residual. */
export type ResidualMisfit<L> = L extends { readonly residual: true } ? NotYet<'residual'> : never;

/** Of a loss `L` that doesn't compare with the labels of the target `T`. */
export type LossMisfit<L, T> = L extends { readonly name: infer LN extends string; readonly targets: infer K }
  ? Only<K, 'values'> extends true
    ? Sentence<'lossNumbers', { loss: LN }>
    : Only<K, 'binary'> extends true
      ? T extends { readonly labels: { readonly length: infer Count extends number } }
        ? BinaryMisfit<LN, Count>
        : never
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
