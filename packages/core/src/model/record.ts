// What a model is besides its weights and vocabulary: plain data, the heart of manifest.json.
import type { CompileSettings } from '../contracts/executable.ts';
import type { NetworkDescription } from '../contracts/network.ts';
import type { Learns } from '../contracts/plugins.ts';
import type { Json } from '../options.ts';
import type { LabelPair } from '../pipeline/labels.ts';
import type { NumberScale } from '../pipeline/number-scale.ts';
import type { Link } from '../pipeline/probabilities.ts';
import type { ManifestData } from '../resolved.ts';

/** A plug-in that a model needs when it is loaded. */
export interface Piece {
  /** Its name. */
  readonly use: string;
  /** All its options. */
  readonly with: Readonly<Record<string, Json>>;
  /** The npm package that holds it. */
  readonly package: string;
}

/** What the task of a model learned. */
export function learnsOfModel({ learns = 'label' }: Pick<ModelRecord, 'learns'>): Learns {
  return learns;
}

/** Plain data that describes a trained model. */
export interface ModelRecord {
  /** The manifest that it was made from, as it was given. */
  readonly manifest: ManifestData;
  /** Text → tokens; absent where the vectorizer reads numbers. */
  readonly tokenizer?: Piece;
  /** Tokens → numbers; its vocabulary is in `vocabulary.json`. */
  readonly vectorizer: Piece;
  /** What the task learned; absent: a label. */
  readonly learns?: Learns;
  /** Text → tokens of what is generated; absent in models that generate nothing else than they read. */
  readonly targetTokenizer?: Piece;
  /** Tokens of what is generated → numbers; absent in models that generate nothing else than they read. */
  readonly targetVectorizer?: Piece;
  /** What did the arithmetic. */
  readonly backend: Piece & { readonly settings: CompileSettings };
  /** Equations and sizes. */
  readonly network: NetworkDescription;
  /** Logits → probabilities, or numbers. */
  readonly link: Link;
  /** In the order of class numbers; none where tokens or numbers were learned. */
  readonly labels: readonly LabelPair[];
  /** Training examples of each label, in that order. */
  readonly labelCounts: readonly number[];
  /** Of the numbers that were learned; absent where something else was. */
  readonly scale?: NumberScale;
  /** Logits are divided by it. */
  readonly temperature: number;
  /** Of two labels, the probability from which on the second is chosen; absent: the likeliest. */
  readonly threshold?: number;
  /** Steps kept of each example; absent: all. */
  readonly maximumLength?: number;
  /** The run's settings. */
  readonly settings: Readonly<Record<string, Json>>;
  /** Hash of the examples that it learned from. */
  readonly dataHash: string;
  /** Updates of its weights. */
  readonly updates: number;
  /** Measures on the validation part; empty where there was none. */
  readonly metrics: Readonly<Record<string, Json>>;
}
